/** What senders call a file while they write it: hidden, or with an ending that goes when it is whole. */
const UNFINISHED =
  /^\.|~$|\.(?:tmp|temp|part|partial|filepart|crdownload|download|swp|lock|writing|uploading)$/i;
const LONGEST = 255;

/** Whether a file of this name is to be read: no part of one, no hidden one, no path. */
export function isFinishedName(name: string): boolean {
  return isPlainName(name) && !UNFINISHED.test(name);
}

/** Whether a text is the name of a file and nothing else, so that no folder can be left by it. */
export function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.length > LONGEST) return false;
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  return !/[/\\\u0000-\u001f\u007f]/.test(name);
}

/** The name under which a second file of one name is put away. */
export function secondName(name: string, mark: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)}-${mark}${name.slice(dot)}` : `${name}-${mark}`;
}
