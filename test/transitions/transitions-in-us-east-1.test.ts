import { testTransitions } from './matrix';

// One stack holds all there, so what is in companions elsewhere is looked at again, with what it depends on.
testTransitions('us-east-1', [
  'the defaults', 'everything on', 'highAvailability', 'waf', 'waf, every option', 'waf with an own web ACL', 'a hosted zone', 'other hosts',
  'other hosts in a hosted zone', 'other certificates', 'own signing secrets', 'a later password', 'a pinned engine version', 'three zones', 'edge.verifyOrigin false',
  'edge.originSecretVersion 2', 'fewer places', 'edge.accessLogs',
]);
