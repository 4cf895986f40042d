export { OkyBackend } from './oky-backend';
export { OkyBackendProps } from './oky-backend-props';
export { IOkyDatabase } from './database/database';
export { OkyDatabaseOptions } from './database/database-options';
export { OkyEdgeOptions, OkyWafMode, OkyWafOptions } from './edge/edge-options';
export { OkyEgress } from './network/egress';
export { OkyEndpoints, OkyNetworkOptions, OkyOriginAccess } from './network/network-options';
export { IOkyService, OkyScalingOptions, OkyServiceOptions } from './service/service-options';
