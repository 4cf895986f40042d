import { DevEnvironmentDockerImage, type javascript, TextFile, vscode } from 'projen';

const EXTENSIONS = ['dbaeumer.vscode-eslint', 'orta.vscode-jest', 'ms-python.python', 'EditorConfig.EditorConfig', 'vscjava.vscode-java-pack', 'golang.go'];

/** The same rules as the linter's, for editors that know no linter. */
function editorConfig(project: javascript.NodeProject): void {
  const file = new TextFile(project, '.editorconfig');
  [
    `# ${file.marker}`, '', 'root = true', '',
    '[*]', 'charset = utf-8', 'end_of_line = lf', 'indent_size = 2', 'indent_style = space', 'insert_final_newline = true', 'trim_trailing_whitespace = true', '',
    '[*.{ts,mjs,md}]', 'max_line_length = 150', '',
    '[*.{py,java}]', 'indent_size = 4', '',
    '[*.go]', 'indent_style = tab',
  ].forEach(line => file.addLine(line));
}

function vsCode(project: javascript.NodeProject): void {
  const files = new vscode.VsCode(project);
  files.extensions.addRecommendations(...EXTENSIONS);
  files.settings.addSettings({
    'typescript.tsdk': 'node_modules/typescript/lib',
    'eslint.useFlatConfig': false,
    'editor.rulers': [150],
    'jest.jestCommandLine': 'npx jest',
    // Most files of src/ are reached by most tests, so that every change would run them all.
    'jest.runMode': 'on-demand',
    'python.defaultInterpreterPath': '.build/venv/bin/python',
    'python.testing.pytestEnabled': true,
    'python.testing.pytestArgs': ['test/python'],
  });
}

/** A container with Node.js, Python, a JDK with Maven, and Go. */
function devContainer(project: javascript.NodeProject): void {
  const container = new vscode.DevContainer(project, { dockerImage: DevEnvironmentDockerImage.fromFile('.devcontainer/Dockerfile') });
  container.config.postCreateCommand = 'npm ci';
  // projen's own option writes them where the specification had them before: https://containers.dev/implementors/json_reference/
  container.config.extensions = undefined;
  container.config.customizations = { vscode: { extensions: EXTENSIONS } };
}

/** The files by which editors know what this repository is. */
export function editor(project: javascript.NodeProject): void {
  editorConfig(project);
  vsCode(project);
  devContainer(project);
}
