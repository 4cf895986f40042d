import * as fs from 'fs';
import * as path from 'path';
import { withoutComments } from '../private/scripts';

/** What the SQL task runs with `node -e` in the image of the API. */
export const SQL_SCRIPT = withoutComments(fs.readFileSync(path.join(__dirname, '../../assets/sql-task.js'), 'utf8'));
