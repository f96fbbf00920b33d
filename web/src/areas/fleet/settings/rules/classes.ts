/** Classes of vehicles by the rules of telemetry (docs/telemetry.md), the lightest first. */
export const classes = ['car', 'van', 'bus', 'light_truck', 'heavy_truck', 'dangerous_goods'] as const;
export type RuleClass = (typeof classes)[number];
