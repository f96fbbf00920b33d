/**
 * The value without fields that are null: some answers say so what is missing, others leave it out, and the types know one kind
 * of missing. Changes the value itself; a null within an array stays.
 */
export function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const [key, field] of Object.entries(value)) {
    if (field !== null) withoutNulls(field);
    else if (!Array.isArray(value)) Reflect.deleteProperty(value, key);
  }
  return value;
}
