/**
 * Files of the sample folders, by the end of their name, that a reader must refuse although they bear the marks of a
 * format; each with the code and the reason.
 */
export const MUST_BE_REFUSED: readonly (readonly [name: RegExp, code: string, why: string])[] = [
  [/test_ofx_wrong\.ofx$/, 'CURRENCY_UNKNOWN', 'its CURDEF was taken out'],
  [/fail_nice__date_missing\.ofx$/, 'FIELD_MISSING', 'every transaction lacks its day'],
  [/fail_nice__decimal_error\.ofx$/, 'AMOUNT_INVALID', 'its only amount is "$120"'],
  [/investment_buy_sell_income\.ofx$/, 'AMOUNT_TOO_PRECISE', 'its only bank line has tenths of a cent'],
  [/account_listing_aggregation\.ofx$/, 'FORMAT_UNSUPPORTED', 'a list of accounts'],
  [/jseutter.*bank_small\.ofx$/, 'FORMAT_UNSUPPORTED', 'a list of accounts'],
  [/signon_success_no_message\.ofx$/, 'FORMAT_UNSUPPORTED', 'a sign-on'],
  [/ofx-2\.1\.1-sect-8\.5\.5\.ofx$/, 'FORMAT_UNSUPPORTED', 'a list of accounts'],
  [/(?:overflow|null-ptr)[\w-]*\.ofx$/, 'FORMAT_U', 'made to break a reader'],
  [/betterplace__empty_86\.sta$/, 'FIELD_MISSING', 'one field :86: and nothing else'],
  [/cmxl__reference\.sta$/, 'FIELD_MISSING', 'one field :20: and nothing else'],
  [/empty_non_swift\.sta$/, 'FIELD_MISSING', 'one empty field :NS:'],
  [/parse-?error[^/]*\.txt$/i, '', 'damaged on purpose'],
  [/(?:^|[._-])(?:wrong|invalid)\.xml$/, '', 'damaged on purpose'],
];
