import { EXAMPLES, type Synthesis, synthesise } from '../../scripts/deployments/synthesis';
import { drawn } from '../../scripts/docs/picture';
import { type Picture, pictureOf } from '../../scripts/picture/model';

function titles({ boxes }: Picture): string[] {
  return boxes.map(({ title }) => title).sort();
}

/** The ways that lead from the users to the database, by the titles of their boxes. */
function ways({ boxes, arrows }: Picture): string[] {
  const titleOf = (id: string) => boxes.find(box => box.id === id)!.title;
  const from = (id: string): string[] => {
    const next = arrows.filter(arrow => arrow.from === id && !arrow.isQuiet);
    return next.length === 0 ? [titleOf(id)] : next.flatMap(({ to }) => from(to)).map(rest => `${titleOf(id)} → ${rest}`);
  };
  return from('people').sort();
}

const WAYS = ['API', 'CMS'].map(service => `Phones, browsers → CloudFront → Load balancer → ${service} → Aurora PostgreSQL`);

// A switch alone or off is between these.
const examples = Object.entries(EXAMPLES).filter(([name]) => !/ alone$|^all but /.test(name));

test.each(examples)('the way of a request can be followed: %s', (_, { overrides, options }) => {
  const picture = pictureOf(synthesise(overrides, options));
  expect(ways(picture)).toEqual(WAYS);
  const frames = picture.frames.map(({ id }) => id);
  expect([...picture.boxes, ...picture.frames].map(({ frame }) => frame).filter(frame => frame && !frames.includes(frame))).toEqual([]);
});

describe('what the template lets go of is gone from the picture:', () => {
  function without(matches: (type: string, properties: string) => boolean): Picture {
    const made: Synthesis = synthesise({});
    for (const [id, { Type, Properties }] of Object.entries(made.main.Resources)) {
      if (matches(Type, JSON.stringify(Properties))) {
        delete made.main.Resources[id];
      }
    }
    return pictureOf(made);
  }

  test('the database\'s rule for the API', () => {
    const picture = without((type, rule) => type === 'AWS::EC2::SecurityGroupIngress' && /DatabaseSecurity/.test(rule) && /"OkyApiSecurity/.test(rule));
    expect(ways(picture)).toEqual(['Phones, browsers → CloudFront → Load balancer → API', WAYS[1]]);
  });

  test('the listener rule of the CMS', () => {
    const picture = without((type, rule) => type === 'AWS::ElasticLoadBalancingV2::ListenerRule' && rule.includes('cms.'));
    expect(ways(picture)).toEqual([WAYS[0]]);
  });

  test('what the endpoints admit', () => {
    const picture = without((type, rule) => type === 'AWS::EC2::SecurityGroupIngress' && /EndpointsSecurity/.test(rule));
    expect(picture.arrows.filter(({ to }) => to === 'endpoints')).toEqual([]);
  });

  test('a bucket', () => {
    expect(titles(without((type, bucket) => type === 'AWS::S3::Bucket' && bucket.includes('LoggingConfiguration')))).not.toContain('Config bucket');
  });

  test('the key', () => {
    expect(without(type => type === 'AWS::KMS::Key').boxes.filter(({ isLocked }) => isLocked)).toEqual([]);
  });
});

test('what is added is in the picture', () => {
  const picture = pictureOf(synthesise(EXAMPLES['network.egress'].overrides));
  const nat = picture.boxes.find(({ title }) => title === 'NAT gateway')!;
  expect(picture.arrows.filter(({ to }) => to === nat.id)).toHaveLength(1);
  expect(picture.frames.map(({ title }) => title)).toContain('cms subnets: out by NAT');
  expect(titles(drawn())).toEqual(expect.arrayContaining(['Web ACL', 'Certificate']));
  expect(titles(pictureOf(synthesise({})))).not.toContain('Web ACL');
});
