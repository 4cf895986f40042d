import { Match } from 'aws-cdk-lib/assertions';
import type * as fc from 'fast-check';
import type { OptionPath } from './option-path';
import type { Overrides } from '../deployments/sample';

/** How the option shows in a template: what a resource of a type has without the option and with it; undefined for no such resource. */
interface Shown {
  readonly type: string;
  readonly byDefault: object | undefined;
  readonly whenGiven: object | undefined;
  /** The stack in us-east-1 that has the resource, if it is not in the main stack. */
  readonly usEast1Stack?: string;
}

/** The option shows in another way than as one property. */
interface ShownElsewhere {
  /** The test that shows it. */
  readonly shownBy: string;
}

/** The loss that AWS makes unavoidable if the option changes on a running deployment. */
interface Replacement {
  /** What is lost when the option is given to a deployment with the defaults, by logical ids without their hashes. */
  readonly loses: string[];
  /** What is lost when the option is removed again. */
  readonly losesBack: string[];
  /** What the docstring says about it. */
  readonly says: RegExp;
  /** The value of an enum that says it, if the option itself does not. */
  readonly at?: string;
}

/** A resource that a change of the option may delete or leave behind, by its logical id, and why that loses nothing. */
export interface Brought {
  readonly id: RegExp;
  readonly how: 'destroyed' | 'left behind';
  readonly why: string;
}

/** Everything that the tests and the documents need to know about one option. */
export type OptionCase = (Shown | ShownElsewhere) & {
  /** The props that give the option. */
  readonly given: Overrides;
  /** The props that the option needs: the deployment that `given` is compared with. */
  readonly base?: Overrides;
  /** Other values of the option that create other resources, by a name that follows the path. */
  readonly values?: Record<string, Overrides>;
  /** Whether the option adds, removes or changes a resource that a rule of cdk-nag reads: it gets rows in the nag matrix. */
  readonly nag: boolean;
  /** Whether the option creates resources that no other deployment has: the linters then read its templates. */
  readonly linted?: boolean;
  /** Absent if no change of the option replaces or removes anything that holds data or that traffic depends on. */
  readonly replacement?: Replacement;
  /** The resources that come with the option, and that may go with it. */
  readonly brings?: readonly Brought[];
  /** Values that are valid with any others: the property tests give them. */
  readonly valid?: fc.Arbitrary<unknown>;
  /** Values that are refused with an error that names the option. */
  readonly wrong?: fc.Arbitrary<unknown>;
  /** What a reader must know before they change the option, for docs/options.md. */
  readonly note?: string;
};

/** Some of the options. A path that is not an option does not compile. */
export type OptionCases = Partial<Record<OptionPath, OptionCase>>;

export const container = (properties: object) => ({ Family: 'project-oky-ecs-api-task', ContainerDefinitions: [Match.objectLike(properties)] });
export const variable = (Name: string, Value: unknown) => container({ Environment: Match.arrayWith([{ Name, Value }]) });
export const service = (properties: object) => ({ ServiceName: 'project-oky-ecs-api-task-service', ...properties });
export const distribution = (properties: object) => ({ DistributionConfig: Match.objectLike(properties) });

/** The same loss when the option is given and when it is removed. */
export const both = (loses: string[]) => ({ loses, losesBack: loses });
