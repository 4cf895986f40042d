import { testTransitions } from './matrix';
import { OPTION_SETS, type OptionSet } from '../../scripts/deployments/option-sets';
import { REGION } from '../helpers';

testTransitions(REGION, Object.keys(OPTION_SETS) as OptionSet[]);
