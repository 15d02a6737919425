/** A template that cannot be read or run; the message is worded as Go words it: `template: name:line: what is so`. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}
