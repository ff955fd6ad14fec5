/** Remainder of a long run of digits. */
function remainder(digits: string, divisor: number): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % divisor;
  return rest;
}

/** An ISO 11649 creditor reference over a number. */
export function creditorReference(serial: number): string {
  const body = String(serial).padStart(10, '0');
  // RF00 in digits, because letters count from ten.
  const check = 98 - remainder(`${body}271500`, 97);
  return `RF${String(check).padStart(2, '0')}${body}`;
}

/** A Swiss QR reference: 26 digits and the recursive check digit. */
export function swissReference(serial: number): string {
  const body = `21${String(serial).padStart(24, '0')}`;
  const table = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
  let carry = 0;
  for (const digit of body) carry = table[(carry + Number(digit)) % 10]!;
  return `${body}${(10 - carry) % 10}`;
}

/** A Finnish reference number: weights 7, 3, 1 from the right. */
export function finnishReference(serial: number): string {
  const body = String(serial);
  let sum = 0;
  for (let at = 0; at < body.length; at += 1) sum += Number(body.at(-1 - at)) * [7, 3, 1][at % 3]!;
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** A Belgian structured communication, +++123/4567/89012+++. */
export function belgianReference(serial: number): string {
  const body = String(serial).padStart(10, '0').slice(-10);
  const digits = `${body}${String(remainder(body, 97) || 97).padStart(2, '0')}`;
  return `+++${digits.slice(0, 3)}/${digits.slice(3, 7)}/${digits.slice(7)}+++`;
}
