import { jurisdiction } from './jurisdiction.ts';
import { unionMember } from './value-added-tax.ts';

const standard = '1995-08-01 20.6, 2000-04-01 19.6, 2014-01-01 20';

/** France, mainland: Code général des impôts. */
export const fr = jurisdiction(
  { country: 'FR', name: 'France' },
  {
    STANDARD: { name: 'TVA taux normal', category: 'S', rates: standard },
    INTERMEDIATE: { name: 'TVA taux intermédiaire', category: 'S', rates: '2012-01-01 7, 2014-01-01 10' },
    REDUCED: { name: 'TVA taux réduit', category: 'S', rates: '1982-07-01 5.5' },
    SPECIAL: { name: 'TVA taux particulier', category: 'S', rates: '1989-09-08 2.1' },
    // Petrol and diesel of passenger cars: four fifths can be deducted (article 298 of the code).
    'CAR-FUEL': { name: 'TVA carburants, véhicules de tourisme', rates: standard, recoverablePercent: '80' },
    ...unionMember({ tax: 'TVA', rates: standard }),
  },
);
