/**
 * Letters and signs that do not come apart into a plain letter and its marks, by the conversion table of the European
 * Payments Council (EPC217-08): one text for each character, in the order in which they are listed.
 */
const conversions = new Map(
  (
    'ß s Æ A æ a Œ O œ o Ø O ø o Ł L ł l Đ D đ d Ð D ð d Þ T þ t Ħ H ħ h ı i ĸ k Ŋ N ŋ n ſ s € E & + @ . _ - ; , ' +
    "[ ( ] ) { ( } ) \\ / | / ~ - ` ' ´ ' ‘ ' ’ ' ‚ , “ ' ” ' „ ' « ' » ' – - — - ‐ - ‑ - … . · . " +
    'Α A Β V Γ G Δ D Ε E Ζ Z Η I Θ TH Ι I Κ K Λ L Μ M Ν N Ξ X Ο O Π P Ρ R Σ S Τ T Υ Y Φ F Χ CH Ψ PS Ω O ' +
    'α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o ' +
    'А A Б B В V Г G Д D Е E Ж ZH З Z И I К K Л L М M Н N О O П P Р R С S Т T У U Ф F Х H Ц TS Ч CH Ш SH Щ SHT Ъ A Ь Y Ю YU Я YA ' +
    'а a б b в v г g д d е e ж zh з z и i к k л l м m н n о o п p р r с s т t у u ф f х h ц ts ч ch ш sh щ sht ъ a ь y ю yu я ya'
  )
    .split(' ')
    .flatMap((each, at, all): [string, string][] => (at % 2 === 0 ? [[each, all[at + 1] ?? '.']] : [])),
);
/** Й has a letter of its own in the table, though it comes apart. */
const whole = new Map([
  ['Й', 'Y'],
  ['й', 'y'],
]);

const permitted = /^[A-Za-z0-9/\-?:().,'+ ]$/;

/**
 * The text in the characters every bank in SEPA takes: Latin letters, digits, blank and / - ? : ( ) . , ' +. Others
 * become what the European Payments Council says, and a point where it says nothing; blanks are drawn together.
 */
export function toSepaCharacters(text: string): string {
  const converted = Array.from(text.normalize('NFC').replace(/\s+/gu, ' '), (character) => {
    if (permitted.test(character)) return character;
    return whole.get(character) ?? Array.from(character.normalize('NFKD'), plain).join('');
  });
  return converted.join('').replace(/ +/g, ' ').trim();
}

/** One part of a character that came apart; its marks go. */
function plain(part: string): string {
  if (permitted.test(part)) return part;
  return /^\p{M}$/u.test(part) ? '' : (conversions.get(part) ?? '.');
}

/** Whether a text can be an identification in a payment: 1 to `longest` permitted characters, no blank or slash at an end, no two slashes. */
export function isSepaIdentification(text: string, longest = 35): boolean {
  return (
    text.length > 0 &&
    text.length <= longest &&
    Array.from(text).every((character) => permitted.test(character)) &&
    !/^[/ ]|[/ ]$|\/\//.test(text)
  );
}
