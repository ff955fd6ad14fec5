/* oxlint-disable vitest/valid-title, vitest/expect-expect -- the tests are those of the suites that import this */

import { afterEach as afterEachTest, describe as describeTests, it as defineTest, vi } from 'vitest';

export { afterAll, beforeAll, beforeEach, expect } from 'vitest';
export { vi as jest };

/** The groups under definition, outermost first. */
const groups = [];

/** Whether the test file that runs the suite leaves out this test or group; it is asked with the whole name. */
function leftOut(name) {
  return globalThis.conformanceLeavesOut?.([...groups, name].join(' > ')) ?? false;
}

export const describe = (name, define) => {
  if (leftOut(name)) return;
  describeTests(name, () => {
    groups.push(name);
    define();
    groups.pop();
  });
};
// What the suite itself does not want run under its settings is no test that was skipped.
describe.skip = () => undefined;
describe.each = (...cases) => describeTests.each(...cases);

export const it = (name, ...rest) => (leftOut(name) ? undefined : defineTest(name, ...rest));
it.each = (...cases) => defineTest.each(...cases);
it.skip = () => undefined;
export const test = it;

/** Functions with a parameter call it when they are done. */
export const afterEach = (work) =>
  afterEachTest(work.length === 0 ? () => work() : () => new Promise((resolve) => work(resolve)));
