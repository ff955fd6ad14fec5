/** Names something a subgraph needs from outside, such as a reader of files, without knowing who provides it. */
export interface PortKey<Port> {
  readonly name: string;
  /** Never set: it only ties the key to the type of its port. */
  readonly port?: Port;
}

/** Makes the key of a port; the name appears in the message when nobody provides it. */
export function portKey<Port>(name: string): PortKey<Port> {
  return { name };
}

/** A port with what provides it. */
export interface ProvidedPort {
  readonly key: PortKey<unknown>;
  readonly port: unknown;
}

/** Says what provides a port. */
export function provide<Port>(key: PortKey<Port>, port: NoInfer<Port>): ProvidedPort {
  return { key, port };
}

/** Finds what provides a port; throws when nobody does, which is a mistake in how the parts were put together. */
export type Ports = <Port>(key: PortKey<Port>) => Port;

/** Puts provided ports together; the last one of a key wins, so that a test can replace one. */
export function createPorts(provided: readonly ProvidedPort[]): Ports {
  const ports = new Map<PortKey<unknown>, unknown>(provided.map(({ key, port }) => [key, port]));
  return <Port>(key: PortKey<Port>): Port => {
    if (!ports.has(key)) throw new Error(`Nothing provides the port ${key.name}`);
    return ports.get(key) as Port;
  };
}
