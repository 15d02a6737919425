export { ExpositionError } from './exposition-error.ts';
export { type PageFormat, type PageLine, PageScanner } from './page-scanner.ts';
