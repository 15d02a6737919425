import { eachValue, type MapFunction } from './map-function.ts';

/** Functions of one number. */
export const mathFunctions: Readonly<Record<string, MapFunction>> = {
  negate: eachValue((v) => -v),
  abs: eachValue(Math.abs),
  ceil: eachValue(Math.ceil),
  floor: eachValue(Math.floor),
  exp: eachValue(Math.exp),
  sqrt: eachValue(Math.sqrt),
  ln: eachValue(Math.log),
  log2: eachValue(Math.log2),
  log10: eachValue(Math.log10),
  sgn: eachValue((v) => (v < 0 ? -1 : v > 0 ? 1 : v)),
  acos: eachValue(Math.acos),
  acosh: eachValue(Math.acosh),
  asin: eachValue(Math.asin),
  asinh: eachValue(Math.asinh),
  atan: eachValue(Math.atan),
  atanh: eachValue(Math.atanh),
  cos: eachValue(Math.cos),
  cosh: eachValue(Math.cosh),
  sin: eachValue(Math.sin),
  sinh: eachValue(Math.sinh),
  tan: eachValue(Math.tan),
  tanh: eachValue(Math.tanh),
  deg: eachValue((v) => (v * 180) / Math.PI),
  rad: eachValue((v) => (v * Math.PI) / 180),
};
