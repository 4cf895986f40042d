export * from './oky-backend';
export * from './oky-backend-props';
export * from './database/database-options';
export * from './edge/edge-options';
export { OkyEgress } from './network/egress';
export * from './network/network-options';
export * from './operators/operators-options';
export * from './service/service-options';
export * from './stateful-changes';
