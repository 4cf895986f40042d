import { added, CHOICES, NEW_REGION } from '../../scripts/docs/cost';
import { current } from '../../scripts/docs/documents';

describe('each choice in the README adds what it is said to add:', () => {
  const amounts = added();
  const rows = current('README.md').split('\n').filter(line => line.startsWith('| ')).map(line => line.slice(2, -2).split(' | '));
  const written = Object.fromEntries(rows.map(cells => [cells[0], cells.at(-1)!.replace('−', '-')]));

  test.each([...Object.keys(CHOICES), NEW_REGION])('%s', name => {
    // Storage has a price only once there is something in it.
    expect(written[name].replace(/ and up$|^to /, '').replace('storage only', '0.00')).toBe(amounts[name].toFixed(2));
  });
});
