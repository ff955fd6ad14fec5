// The vitest reporter behind scripts/test.mjs: writes what passed, failed and was skipped to the file named in
// CROSSFOOT_TEST_REPORT. A file that cannot be loaded, a failing hook and an unhandled error each count as a
// failure, because vitest's own count of failed tests leaves them out.
import { readFileSync, writeFileSync } from 'node:fs';
import { corpora } from '../test/support/corpora.ts';

// oxlint-disable-next-line import/no-default-export -- vitest takes a reporter from nowhere else
export default class TestReport {
  onInit(vitest) {
    this.namePattern = vitest.config.testNamePattern;
  }

  onTestRunEnd(modules, unhandledErrors, reason) {
    const cases = modules.flatMap((module) => [...module.children.allTests()]);
    const stateOf = (state) => cases.filter((one) => one.result().state === state);
    const brokenParts = modules.flatMap((module) =>
      [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0),
    );
    const failures = [
      ...brokenParts.map((part) => `${placeOf(part)}: ${part.errors()[0].message.split('\n')[0]}`),
      ...stateOf('failed').map(placeOf),
      ...unhandledErrors.map((error) => `unhandled error: ${error.message}`),
    ];
    // In a run that was cut short or broken, tests may be left that never ran.
    if (reason !== 'passed') failures.push(...stateOf('pending').map((one) => `${placeOf(one)} (never ran)`));
    // What `-t` left out was not asked for, so it was not skipped.
    const asked = (one) => this.namePattern?.test(one.fullName.replaceAll(' > ', ' ')) ?? true;
    const skipped = stateOf('skipped')
      .filter(asked)
      .map((one) => ({
        file: one.module.relativeModuleId,
        name: one.fullName,
        ...reasonOf(one, brokenParts),
      }));
    const passed = stateOf('passed').length;
    writeFileSync(process.env.CROSSFOOT_TEST_REPORT, JSON.stringify({ passed, failures, skipped }));
  }
}

function placeOf(part) {
  const file = (part.module ?? part).relativeModuleId;
  return part.fullName === undefined ? file : `${file}: ${part.fullName}`;
}

/** Why a test was skipped: its own note, else the condition of the file, in plain words. */
function reasonOf(one, brokenParts) {
  if (brokenParts.some((part) => part === one.module || isInside(one, part)))
    return { why: 'its setup failed (counted as a failure)', excused: true };
  const note = one.result().note;
  const text = readFileSync(one.module.moduleId, 'utf8');
  if (one.options.mode === 'todo') return { why: 'it is not written yet', excused: false };
  const noData = corpora() === undefined && /\bcorpora\b/.test(text);
  if (note) return { why: note, excused: noData && /corpora|outside/i.test(note) };
  if (noData) {
    const why = 'the outside test data is not on this machine (CROSSFOOT_CORPORA names its folder)';
    return { why, excused: true };
  }
  const conditions = [...text.matchAll(/\.(?:skipIf|runIf)\((.+?)\)\(/g)].map((match) =>
    match[0].slice(1, -1),
  );
  const why =
    conditions.length > 0 ? `its condition does not hold: ${conditions.join(' or ')}` : 'it gives no reason';
  return { why, excused: false };
}

function isInside(one, part) {
  for (let at = one.parent; at !== undefined; at = at.parent) if (at === part) return true;
  return false;
}
