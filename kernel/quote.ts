/** Input as messages quote it: in quotation marks, shortened so that hostile text cannot fill a log. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
