import type { Assembled, Stack } from './assembly';
import { at, evaluate, listAt, type Names, type Resource } from './template';

/** What is there of a stack in the account. */
export interface Live {
  readonly status: string;
  /** The physical ids by the logical ones. */
  readonly resources: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
}

/** Where a deployment is or will be. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/** One of the two services, as its task definition says. */
export interface Service {
  readonly name: 'api' | 'cms';
  readonly taskDefinition: Resource;
  /** False as long as it is to have no image: it starts no task. */
  readonly runs: boolean;
}

/** A resource with its logical id and its stack. */
export interface Placed extends Resource {
  readonly logicalId: string;
  readonly stack: Stack;
}

/** The deployment that the templates say, with what is known of its resources in the account. */
export class Deployment {
  constructor(readonly assembled: Assembled, readonly place: Place, private readonly live: ReadonlyMap<Stack, Live | undefined>) {}

  public get stacks(): readonly Stack[] {
    return [this.assembled.main, ...this.assembled.companions];
  }

  public get main(): Stack {
    return this.assembled.main;
  }

  /** Deploys all stacks of this deployment, and of no other one in the app. */
  public get deployCommand(): string {
    const { path } = this.main;
    return `npx cdk deploy ${path} '${path}/**'`;
  }

  public get hosts(): string[] {
    return [this.output('ApiHost'), this.output('CmsHost')].filter(host => host !== undefined);
  }

  /** Where the stack is deployed to: companions say it, also in an app that leaves the region of the main stack open. */
  public regionOf(stack: Stack): string {
    return stack.region ?? this.place.region;
  }

  public liveOf(stack: Stack): Live | undefined {
    return this.live.get(stack);
  }

  /** The value of an output of the backend. */
  public output(name: string): string | undefined {
    const id = this.assembled.outputPrefix + name;
    return this.liveOf(this.main)?.outputs.get(id) ?? this.textOf(this.main, this.main.template.Outputs?.[id]?.Value);
  }

  public resources(type: string, stacks = this.stacks): Placed[] {
    return stacks.flatMap(stack => Object.entries(stack.template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => ({ ...resource, logicalId, stack })));
  }

  /** The resources of the main stack that are not made yet. */
  public toBeMade(type: string): Placed[] {
    return this.resources(type, [this.main]).filter(({ logicalId }) => this.physicalId(this.main, logicalId) === undefined);
  }

  public physicalId(stack: Stack, logicalId: string): string | undefined {
    return this.liveOf(stack)?.resources.get(logicalId);
  }

  /** The text of a value of a template, with what is known of its parameters; undefined if a part of it is only known once it is deployed. */
  public textOf(stack: Stack, value: unknown, parameters: Readonly<Record<string, string>> = {}): string | undefined {
    const names = this.namesIn(stack);
    return evaluate(value, { ...names, parameter: name => parameters[name] ?? names.parameter(name) });
  }

  /** The services in the order of the hosts. */
  public get services(): Service[] {
    const definitions = this.resources('AWS::ECS::TaskDefinition', [this.main]);
    return this.resources('AWS::ECS::Service', [this.main]).flatMap(service => {
      const taskDefinition = definitions.find(({ logicalId }) => logicalId === at(service.Properties, 'TaskDefinition', 'Ref'));
      const name = at(taskDefinition?.Properties, 'ContainerDefinitions', 0, 'Name');
      // Without a desired count it is the scaling that says how many.
      return taskDefinition && (name === 'api' || name === 'cms') ? [{ name, taskDefinition, runs: at(service.Properties, 'DesiredCount') !== 0 }] : [];
    });
  }

  /** The parameter of Systems Manager that CloudFormation reads into a text of the template, with its name there. */
  public parameterIn(text: unknown): { readonly id: string; readonly name: string } | undefined {
    const references = [text, ...listAt(text, 'Fn::Join', 1)].map(part => String(at(part, 'Ref')));
    const [found] = references.flatMap(id => {
      const name = this.main.template.Parameters?.[id]?.Default;
      return typeof name === 'string' ? [{ id, name }] : [];
    });
    return found;
  }

  private namesIn(stack: Stack): Names {
    const { account, partition } = this.place;
    const region = this.regionOf(stack);
    const pseudo: Record<string, string> = {
      'AWS::AccountId': account,
      'AWS::Partition': partition,
      'AWS::Region': region,
      'AWS::StackName': stack.name,
      'AWS::URLSuffix': partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    };
    const { Resources } = stack.template;
    /** A repository is referred to before it is there. */
    const repository = (id: string) => {
      const name = Resources[id]?.Type === 'AWS::ECR::Repository' ? at(Resources[id], 'Properties', 'RepositoryName') : undefined;
      return typeof name === 'string' ? name : undefined;
    };
    return {
      parameter: name => pseudo[name] ?? this.physicalId(stack, name) ?? repository(name),
      attribute: (id, attribute) => {
        const name = repository(id);
        return attribute === 'Arn' && name !== undefined ? `arn:${partition}:ecr:${region}:${account}:repository/${name}` : undefined;
      },
      stackOutput: (stackName, output) => {
        const other = this.stacks.find(({ name }) => name === stackName);
        return other && this.liveOf(other)?.outputs.get(output);
      },
    };
  }
}
