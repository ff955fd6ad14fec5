/** Builds what the viewer shows; everything is text or a node, never markup made of text. */

const hues = ['#1d5bd6', '#11703f', '#8a5200', '#7a3bd1', '#b3261e', '#00758a', '#a8318a', '#5b6b00'];
const darkHues = ['#7fadff', '#5cd39b', '#f2b84b', '#bfa3ff', '#ff958c', '#5cc9dd', '#f29bd8', '#c5d35a'];

/** An element with properties and children; a child that is null is left out. */
export function node(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('data-') || key.startsWith('aria-') || key === 'role') made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.flat().filter((one) => one !== null));
  return made;
}

function drawing(name, attributes, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

const figures = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A figure with as many digits as mean something. */
export function figure(value) {
  return (value >= 100 || Number.isInteger(value) ? whole : figures).format(value);
}

/** A time with its unit. */
export function milliseconds(value) {
  return value >= 1000 ? `${(value / 1000).toPrecision(3)} s` : `${figure(value)} ms`;
}

/** The figures, the plan with its times, the costs and the slow fields of an explained operation. */
export function explained(answer) {
  const { cost, plan, timings } = answer;
  const fetches = fetchesOf(plan);
  const names = [...new Set(fetches.map((one) => one.subgraph))].toSorted((a, b) => (a < b ? -1 : 1));
  const drawn = {
    names,
    total: timings ? Math.max(timings.milliseconds, 0.001) : 0,
    byId: new Map((timings?.fetches ?? []).map((one) => [one.id, one])),
    others: (timings?.fetches ?? []).filter((one) => one.id === null),
    ran: timings !== null,
  };
  return [
    panel(null, summary(answer, fetches)),
    timings && timings.errors.length > 0 ? panel('Errors', errorList(timings.errors)) : null,
    panel(timings ? 'Plan and times' : 'Plan', planOf(plan, drawn)),
    timings ? slowFields(timings.fetches) : null,
    panel('Cost by field', costTable(cost)),
  ].filter((one) => one !== null);
}

function panel(title, content) {
  return node(
    'section',
    { className: 'panel' },
    title === null ? null : node('header', {}, node('h2', {}, title)),
    content,
  );
}

function summary({ operation, cost, planMilliseconds, plan, timings }, fetches) {
  const items = [
    ['Operation', operation.name ?? operation.type, operation.name ? operation.type : ''],
    ['Cost', figure(cost.total), `of ${figure(cost.limit)}`],
    ['Fetches', String(fetches.length), `${depthOf(plan)} deep`],
    ['Planning', milliseconds(planMilliseconds), 'once'],
  ];
  if (timings) {
    items.push(
      ['Answered in', milliseconds(timings.milliseconds), ''],
      ['Answer', figure(timings.size), 'characters'],
      ['Trace', timings.traceId ?? '–', ''],
    );
  }
  return node(
    'dl',
    { className: 'figures' },
    items.map(([name, value, more]) =>
      node(
        'div',
        { className: name === 'Trace' ? 'code' : '' },
        node('dt', {}, name),
        node('dd', { title: value }, value, more ? node('small', {}, ` ${more}`) : null),
      ),
    ),
  );
}

function errorList(errors) {
  return node(
    'ul',
    { className: 'errors' },
    errors.map((error) =>
      node('li', {}, `${error.extensions.code}: ${error.message} ${(error.path ?? []).join('.')}`),
    ),
  );
}

function planOf(plan, drawn) {
  if (!plan) return node('p', {}, 'No subgraph is asked.');
  return node(
    'div',
    { className: 'plan' },
    drawn.ran ? axis(drawn.total) : null,
    step(plan, drawn),
    drawn.others.map((time) => otherRow(time, drawn)),
  );
}

/** A fetch of the run that this plan does not have, such as one of an operation that is answered in several goes. */
function otherRow(time, drawn) {
  const fetch = { id: null, subgraph: time.subgraph, path: ['outside of this plan'], query: '' };
  return fetchRow({ ...fetch, entities: [], variables: [] }, { ...drawn, byId: new Map([[null, time]]) });
}

function axis(total) {
  const marks = [0, total / 2, total].map((value) => node('span', {}, milliseconds(value)));
  const legend = 'full colour: the subgraph at work, pale: on the way';
  return node(
    'div',
    { className: 'axis', 'aria-hidden': 'true' },
    node('span', {}, legend),
    node('span', {}, marks),
    node('span'),
  );
}

const labels = {
  sequence: 'one after another',
  parallel: 'side by side',
  event: 'for each event: the owner renders it, then the others add their fields',
};

/** One step of the plan with those inside it. */
function step(view, drawn) {
  if (view.kind === 'fetch') return fetchRow(view, drawn);
  if (view.kind === 'condition') {
    const branches = [
      ['when', view.whenTrue],
      ['unless', view.whenFalse],
    ].filter(([, branch]) => branch !== null);
    return node(
      'ul',
      { className: 'group' },
      branches.map(([word, branch]) =>
        node(
          'li',
          {},
          node('span', { className: 'label' }, `${word} $${view.variable}`),
          step(branch, drawn),
        ),
      ),
    );
  }
  return node(
    'div',
    {},
    node('span', { className: 'label' }, labels[view.kind]),
    node(
      'ol',
      { className: 'group', 'data-kind': view.kind },
      view.steps.map((one) => node('li', {}, step(one, drawn))),
    ),
  );
}

function fetchRow(fetch, drawn) {
  const time = drawn.byId.get(fetch.id);
  const at = drawn.names.indexOf(fetch.subgraph) % hues.length;
  const took = time ? milliseconds(time.milliseconds) : drawn.ran ? 'not asked' : '';
  const row = node(
    'details',
    { className: time?.failed ? 'fetch failed' : 'fetch' },
    node(
      'summary',
      {},
      node(
        'span',
        { className: 'what' },
        node('b', {}, fetch.subgraph),
        node('small', { className: 'faint' }, asked(fetch, time)),
        fetch.path.length > 0 ? node('code', { className: 'faint' }, fetch.path.join('.')) : null,
      ),
      drawn.ran ? track(time, drawn.total) : node('span'),
      node('span', { className: 'took' }, took),
    ),
    inside(fetch, time),
  );
  row.style.setProperty('--hue', `light-dark(${hues[at]}, ${darkHues[at]})`);
  return row;
}

function asked(fetch, time) {
  if (time && time.entities > 0) return counted(time.entities, 'entity', 'entities');
  return fetch.entities.length > 0 ? fetch.entities.join(', ') : '';
}

function counted(count, one, many) {
  return `${figure(count)} ${count === 1 ? one : many}`;
}

/** When the fetch ran, and within it the time the subgraph itself worked. */
function track(time, total) {
  const bars = [];
  if (time) {
    const part = (from, length, name) =>
      drawing('rect', {
        class: name,
        x: `${(100 * from) / total}%`,
        width: `${Math.max((100 * length) / total, 0.4)}%`,
        y: 3,
        height: 12,
        rx: 2,
      });
    const worked = Math.min(time.times?.milliseconds ?? 0, time.milliseconds);
    bars.push(part(time.startedAt, time.milliseconds, 'own'));
    if (worked > 0) bars.push(part(time.startedAt + (time.milliseconds - worked) / 2, worked, 'worked'));
  }
  const label = time
    ? `from ${milliseconds(time.startedAt)}, for ${milliseconds(time.milliseconds)}`
    : 'not asked';
  return node(
    'span',
    { className: 'track', role: 'img', 'aria-label': label, title: label },
    drawing('svg', { 'aria-hidden': 'true' }, ...bars),
  );
}

function inside(fetch, time) {
  const facts = [
    fetch.entities.length > 0 ? `knows ${fetch.entities.join(', ')}` : 'asks for root fields',
    fetch.variables.length > 0 ? `uses ${fetch.variables.map((name) => `$${name}`).join(', ')}` : null,
  ];
  if (time?.times) {
    const { milliseconds: worked, statements, statementMilliseconds } = time.times;
    facts.push(
      `the subgraph worked ${milliseconds(worked)}, in transit ${milliseconds(Math.max(0, time.milliseconds - worked))}`,
      `${counted(statements, 'SQL statement', 'SQL statements')}, ${milliseconds(statementMilliseconds)}`,
    );
  }
  return node(
    'div',
    { className: 'inside' },
    node('pre', { tabIndex: 0 }, fetch.query),
    node(
      'ul',
      { className: 'faint' },
      facts.filter((fact) => fact !== null).map((fact) => node('li', {}, fact)),
    ),
  );
}

function slowFields(fetches) {
  const fields = fetches
    .flatMap((one) => (one.times?.fields ?? []).map((field) => ({ ...field, subgraph: one.subgraph })))
    .toSorted((one, other) => other.longest - one.longest)
    .slice(0, 12)
    .filter((one, at, all) => one.longest >= all[0].longest / 100);
  if (fields.length === 0) return null;
  const longest = fields[0].longest || 1;
  return panel(
    'Slowest fields',
    table(
      ['Field', 'Subgraph', 'Calls', 'Longest', ''],
      fields.map((one) => [
        one.field,
        one.subgraph,
        figure(one.calls),
        milliseconds(one.longest),
        { share: one.longest / longest },
      ]),
    ),
  );
}

function costTable({ total, fields }) {
  const rows = [];
  const add = (one, depth) => {
    const size = one.size > 1 ? ` × ${figure(one.size)}` : '';
    rows.push([
      `${'  '.repeat(depth)}${one.field}${size}`,
      '',
      figure(one.times),
      figure(one.cost),
      { share: one.cost / total },
    ]);
    for (const inner of one.fields)
      if (inner.fields.length > 0 || inner.cost >= total / 100) add(inner, depth + 1);
  };
  for (const one of fields) add(one, 0);
  return table(['Field × page', '', 'Times', 'Cost', ''], rows);
}

/** The first column is code, the third and fourth are figures, the last a bar. */
function table(head, rows) {
  const cell = (value, at) => {
    if (typeof value === 'object') {
      const bar = drawing(
        'svg',
        { 'aria-hidden': 'true' },
        drawing('rect', { width: `${100 * value.share}%`, height: 8, rx: 2 }),
      );
      return node('td', { className: 'bar-of' }, bar);
    }
    return node('td', { className: at === 0 ? 'field' : at > 1 ? 'n' : '' }, value);
  };
  return node(
    'table',
    {},
    node(
      'thead',
      {},
      node(
        'tr',
        {},
        head.map((text, at) => node('th', { className: at > 1 ? 'n' : '' }, text)),
      ),
    ),
    node(
      'tbody',
      {},
      rows.map((row) => node('tr', {}, row.map(cell))),
    ),
  );
}

function fetchesOf(view) {
  if (!view) return [];
  if (view.kind === 'fetch') return [view];
  if (view.kind === 'condition') return [...fetchesOf(view.whenTrue), ...fetchesOf(view.whenFalse)];
  return view.steps.flatMap(fetchesOf);
}

/** How many fetches wait for one another at most. */
function depthOf(view) {
  if (!view) return 0;
  if (view.kind === 'fetch') return 1;
  if (view.kind === 'condition') return Math.max(depthOf(view.whenTrue), depthOf(view.whenFalse));
  const depths = view.steps.map(depthOf);
  return view.kind === 'parallel' ? Math.max(...depths) : depths.reduce((sum, one) => sum + one, 0);
}
