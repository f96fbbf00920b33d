/** How far a mark reaches from its middle, in pixels: the ring around a chosen one and the glow of an alert are within. */
const REACH_PX = 20;

/** The same without ring and glow: most marks are that, and every pixel less is one less to compute. */
const PLAIN_REACH_PX = 13;

/** Moves every vehicle along its way by the time of the frame, and turns its mark into its direction. */
export const VERTEX = `#version 300 es
precision highp float;
uniform mat4 u_matrix;
uniform vec2 u_viewport;
uniform float u_now;
uniform float u_pixels;
uniform float u_bearing;
layout(location = 0) in vec2 a_corner;
layout(location = 1) in vec4 a_way;
layout(location = 2) in vec4 a_timing;
layout(location = 3) in vec2 a_kind;
out vec2 v_at;
flat out int v_state;
flat out int v_chosen;
void main() {
  float span = a_timing.y - a_timing.x;
  float part = span > 0.0 ? clamp((u_now - a_timing.x) / span, 0.0, 1.0) : 1.0;
  float turn = mod(a_timing.w - a_timing.z + 540.0, 360.0) - 180.0;
  float angle = radians(a_timing.z + turn * part - u_bearing);
  float c = cos(angle);
  float s = sin(angle);
  v_state = int(a_kind.x + 0.5);
  v_chosen = int(a_kind.y + 0.5);
  v_at = a_corner * (v_state == 3 || v_chosen == 1 ? ${REACH_PX.toFixed(1)} : ${PLAIN_REACH_PX.toFixed(1)});
  vec2 turned = vec2(v_at.x * c + v_at.y * s, v_at.y * c - v_at.x * s);
  gl_Position = u_matrix * vec4(mix(a_way.xy, a_way.zw, part), 0.0, 1.0);
  gl_Position.xy += turned * u_pixels * 2.0 / u_viewport * gl_Position.w;
}`;

/** An arrow for what moves or has an alert, a disc for what stands, a ring for what is offline: not by colour alone. */
export const FRAGMENT = `#version 300 es
precision highp float;
uniform vec3 u_colours[4];
uniform vec3 u_outline;
uniform vec3 u_accent;
uniform float u_pixels;
in vec2 v_at;
flat in int v_state;
flat in int v_chosen;
out vec4 colour;

float cover(float distance) {
  return clamp(0.5 - distance * u_pixels, 0.0, 1.0);
}

float toEdge(vec2 p, vec2 a, vec2 b) {
  vec2 way = b - a;
  vec2 from = p - a;
  return length(from - way * clamp(dot(from, way) / dot(way, way), 0.0, 1.0));
}

float arrow(vec2 at) {
  vec2 p = vec2(abs(at.x), at.y);
  vec2 tip = vec2(0.0, 9.5);
  vec2 wing = vec2(6.5, -7.5);
  vec2 notch = vec2(0.0, -4.0);
  float distance = min(toEdge(p, tip, wing), toEdge(p, wing, notch));
  bool leftOfWing = (wing.x - tip.x) * (p.y - tip.y) - (wing.y - tip.y) * (p.x - tip.x) < 0.0;
  bool aboveNotch = (notch.x - wing.x) * (p.y - wing.y) - (notch.y - wing.y) * (p.x - wing.x) < 0.0;
  return (leftOfWing && aboveNotch ? -distance : distance) - 0.8;
}

void over(inout vec4 below, vec3 paint, float alpha) {
  below = vec4(paint * alpha, alpha) + below * (1.0 - alpha);
}

void main() {
  vec4 drawn = vec4(0.0);
  vec3 paint = u_colours[v_state];
  float middle = length(v_at);
  if (v_state == 3) over(drawn, paint, 0.22 * cover(middle - 17.0));
  if (v_chosen == 1) over(drawn, u_accent, cover(abs(middle - 16.5) - 1.4));
  float shape = v_state >= 2 ? arrow(v_at) : middle - (v_state == 1 ? 6.0 : 4.5);
  over(drawn, u_outline, cover(shape - 1.6));
  over(drawn, paint, cover(shape));
  if (v_state == 1) over(drawn, u_outline, cover(middle - 2.0));
  if (v_state == 0) over(drawn, u_outline, cover(middle - 2.4));
  if (drawn.a < 0.004) discard;
  colour = drawn;
}`;
