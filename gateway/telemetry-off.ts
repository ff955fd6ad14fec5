import { presetEnvironment } from '#kernel/config';

// Left alone, @apollo/gateway sends measurements to its maker. It reads this when a gateway is made, so whoever
// imports @apollo/gateway imports this file first.
presetEnvironment({ APOLLO_TELEMETRY_DISABLED: '1' });
