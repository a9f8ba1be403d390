import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** Rules of our own, as AST selectors: each message says what to do instead. */
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export it by name, so that everyone calls it the same.',
}
const noEnum = {
  selector: 'TSEnumDeclaration',
  message: "Use a union of strings: type State = 'open' | 'closed'.",
}
const onlyErrorClasses = {
  selector: ':matches(ClassDeclaration, ClassExpression):not([superClass.name=/Error$/])',
  message: 'Write createX(options): Port with its state in the closure; only an Error is a class.',
}
const noModuleState = {
  selector: ":matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind='let']",
  message: 'Keep state in the closure of the createX function that needs it; a module has none.',
}
const noBarrel = {
  selector: 'ExportAllDeclaration',
  message: 'Import from the file that defines it; no barrel files.',
}
const noPrefixI = {
  selector: 'TSInterfaceDeclaration[id.name=/^I[A-Z][a-z]/]',
  message: 'Name the interface after the thing itself, without the I.',
}
const functionDeclarations = {
  selector:
    'Program > VariableDeclaration > VariableDeclarator:not([id.typeAnnotation]) > ArrowFunctionExpression',
  message: 'Write a function declaration: it can be read top-down, before its helpers.',
}
const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Take it from the configuration: only src/config reads the environment.',
}
const noOwnTime = {
  selector:
    ":matches(CallExpression[callee.object.name='Date'][callee.property.name='now'], CallExpression[callee.object.name='performance'][callee.property.name='now'], NewExpression[callee.name='Date'][arguments.length=0])",
  message: 'Take a Clock (src/pace/clock.ts) as an argument, so that a test can turn it.',
}
const noOwnChance = {
  selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
  message: 'Take a Random (src/pace/clock.ts) as an argument, so that a test can decide it.',
}
const noModuleMocking = {
  selector: "CallExpression[callee.object.name='vi'][callee.property.name=/^(mock|doMock|hoisted)$/]",
  message: 'Hand in a stand-in at the port, or use the real part; modules are not mocked.',
}
const noPaginate = {
  selector: "MemberExpression[property.name='paginate']",
  message:
    'Read pages with src/forge/http/all-pages.ts: octokit follows a Link to another host with our token.',
}
const everywhere = [noEnum, onlyErrorClasses, noModuleState, noBarrel, noPrefixI, functionDeclarations]
const inTests = [noEnum, onlyErrorClasses, noBarrel, noPrefixI, noDefaultExport, noModuleMocking]
const inSrc = [...everywhere, noDefaultExport, noPaginate]

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'test/e2e/parts/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: false, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      // Members of our ports keep their state in a closure and never use `this`: they may be handed on as they are.
      '@typescript-eslint/unbound-method': 'off',
      // It would ask for a `!`, which is not welcome either.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      eqeqeq: ['error', 'always'],
      'no-nested-ternary': 'error',
      'no-restricted-syntax': ['error', ...inSrc],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 50 }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...inSrc, noEnvironment, noOwnTime, noOwnChance],
    },
  },
  {
    files: ['src/cli*.ts', 'src/main.ts', 'src/commands/**', 'src/sandbox/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/config/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inSrc, noOwnTime, noOwnChance] },
  },
  {
    files: ['src/pace/clock.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inSrc, noEnvironment] },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inTests] },
  },
  { files: ['*.config.ts', 'test/reporter.ts'], rules: { 'no-restricted-syntax': ['error', ...everywhere] } },
)
