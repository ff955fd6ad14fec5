import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';

/** Derives a 32-byte key for one purpose from the installation's secret. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'crossfoot', purpose, 32));
}

/** HMAC-SHA256 as base64url. */
export function mac(key: Buffer | KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Compares two texts in constant time. */
export function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Where a sealed value stands; it cannot be opened anywhere else. */
export interface SealedPlace {
  readonly organisationId: string;
  readonly column: string;
  readonly rowId: string;
}

/** Seals personal and payment data for storage. */
export interface Vault {
  /** AES-256-GCM under a key of the organisation; the place is authenticated with it. */
  seal(plaintext: string, place: SealedPlace): string;
  /** Opens what `seal` made for the same place; throws on any other. */
  open(sealed: string, place: SealedPlace): string;
  /** A keyed hash by which equal values of one organisation are found without opening them. */
  blindIndex(value: string, organisationId: string): string;
}

/** So many keys are kept: to derive one costs ten times as much as to seal a line of a statement. */
const mostKeys = 1_000;

/** The vault over the installation's own secret, with a derived key for each organisation. */
export function localVault(secret: string): Vault {
  const keys = new Map<string, KeyObject>();
  const keyOf = (organisationId: string, use: string): KeyObject => {
    const purpose = `vault/${use}/${organisationId}`;
    const known = keys.get(purpose);
    if (known) return known;
    if (keys.size >= mostKeys) keys.clear();
    const key = createSecretKey(deriveKey(secret, purpose));
    keys.set(purpose, key);
    return key;
  };
  const aad = (place: SealedPlace) =>
    Buffer.from(JSON.stringify([place.organisationId, place.column, place.rowId]));
  return {
    seal(plaintext, place) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyOf(place.organisationId, 'seal'), iv).setAAD(
        aad(place),
      );
      const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `v1.${iv.toString('base64url')}.${sealed.toString('base64url')}`;
    },
    open(sealed, place) {
      const [version, iv, body] = sealed.split('.');
      if (version !== 'v1' || !iv || !body) throw new Error('This is not a sealed value of a known version');
      const bytes = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv(
        'aes-256-gcm',
        keyOf(place.organisationId, 'seal'),
        Buffer.from(iv, 'base64url'),
      )
        .setAAD(aad(place))
        .setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
    },
    blindIndex(value, organisationId) {
      return mac(keyOf(organisationId, 'index'), value);
    },
  };
}
