import type { Handlers } from '#kernel/subgraph';

/** Access reacts to nothing: it is where rights begin. */
export const handlers: Handlers = {};
