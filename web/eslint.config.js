// Names are checked by tsc, which knows the browser; what is left to ESLint is habit.
import js from '@eslint/js';

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-undef': 'off',
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      complexity: ['error', 10],
      'max-lines-per-function': ['error', { max: 30, skipComments: true }],
      'max-lines': ['error', { max: 500 }],
      'no-restricted-properties': ['error',
        { property: 'innerHTML', message: 'Text is only ever added as text.' },
        { property: 'findLast', message: 'Firefox has it from 104 on, see docs/website.md.' }],
    },
  },
];
