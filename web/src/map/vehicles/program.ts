import type { Palette } from '../base/palette';
import { VEHICLE_STATES } from '../motion/fleet';
import { FLOATS } from './packing';
import { FRAGMENT, VERTEX } from './shaders';

/** What a frame is drawn from. */
export type Frame = {
  readonly matrix: Float32Array;
  readonly count: number;
  readonly nowS: number;
  readonly pixels: number;
  readonly bearing: number;
  readonly colours: Palette;
};

/** The program in the graphics card, and its memory. */
export type Program = {
  upload(numbers: Float32Array): void;
  draw(frame: Frame): void;
  drop(): void;
};

/** The four corners of a mark. */
const CORNERS = new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]);

/**
 * Compiles the program.
 *
 * @throws when the graphics card takes it not
 */
export function compile(gl: WebGL2RenderingContext): Program {
  const program = link(gl);
  const spot = (name: string) => gl.getUniformLocation(program, name);
  const spots = {
    matrix: spot('u_matrix'),
    viewport: spot('u_viewport'),
    now: spot('u_now'),
    pixels: spot('u_pixels'),
    bearing: spot('u_bearing'),
    colours: spot('u_colours'),
    outline: spot('u_outline'),
    accent: spot('u_accent'),
  };
  const list = gl.createVertexArray();
  const corners = gl.createBuffer();
  const vehicles = gl.createBuffer();
  gl.bindVertexArray(list);
  gl.bindBuffer(gl.ARRAY_BUFFER, corners);
  gl.bufferData(gl.ARRAY_BUFFER, CORNERS, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  gl.bindBuffer(gl.ARRAY_BUFFER, vehicles);
  [4, 4, 2].forEach((size, index) => {
    const attribute = index + 1;
    gl.enableVertexAttribArray(attribute);
    gl.vertexAttribPointer(attribute, size, gl.FLOAT, false, FLOATS * 4, index * 16);
    gl.vertexAttribDivisor(attribute, 1);
  });
  gl.bindVertexArray(null);
  return {
    upload(numbers) {
      gl.bindBuffer(gl.ARRAY_BUFFER, vehicles);
      gl.bufferData(gl.ARRAY_BUFFER, numbers, gl.DYNAMIC_DRAW);
    },
    draw(frame) {
      if (frame.count === 0) return;
      // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's, not React's.
      gl.useProgram(program);
      gl.uniformMatrix4fv(spots.matrix, false, frame.matrix);
      gl.uniform2f(spots.viewport, gl.drawingBufferWidth, gl.drawingBufferHeight);
      gl.uniform1f(spots.now, frame.nowS);
      gl.uniform1f(spots.pixels, frame.pixels);
      gl.uniform1f(spots.bearing, frame.bearing);
      gl.uniform3fv(
        spots.colours,
        VEHICLE_STATES.flatMap((state) => rgb(frame.colours[state])),
      );
      gl.uniform3fv(spots.outline, rgb(frame.colours.outline));
      gl.uniform3fv(spots.accent, rgb(frame.colours.accent));
      gl.bindVertexArray(list);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, frame.count);
      gl.bindVertexArray(null);
    },
    drop() {
      gl.deleteVertexArray(list);
      gl.deleteBuffer(corners);
      gl.deleteBuffer(vehicles);
      gl.deleteProgram(program);
    },
  };
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error('the graphics card is gone');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(
      `the graphics card does not take the program of the vehicles: ${gl.getProgramInfoLog(program)}`,
    );
  }
  return program;
}

/** The parts of a colour such as #1668dc, 0 to 1. */
function rgb(colour: string): [number, number, number] {
  const number = Number.parseInt(colour.slice(1), 16);
  return [(number >> 16) / 255, ((number >> 8) & 255) / 255, (number & 255) / 255];
}
