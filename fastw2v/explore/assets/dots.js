// The dots, painted pixel by pixel and put on the canvas at once.
//
// With 20,000 small pictures copied by the canvas itself a frame took 84 ms where there is no graphics card; like this
// it keeps up with the screen's 17 ms.

let sheet = { image: null, pixels: null, margin: 0, width: 0 };
const masks = new Map(); // what dots of a size cover: offsets into the pixels, and how much of each, of 256

// The sheet is larger than the canvas all round, so that no dot has to be cut: one whose middle is not farther out than
// half the margin is painted whole.
function prepareSheet() {
  const margin = 2 * Math.ceil(SIZES[0] * MOST_GROWTH * density + 1);
  const [width, height] = [canvas.width + 2 * margin, canvas.height + 2 * margin];
  const image = new ImageData(width, height);
  sheet = { image, pixels: new Uint32Array(image.data.buffer), margin, width };
  masks.clear();
}

// Frequent words last, so that they lie above.
function drawDots() {
  const { image, pixels, margin, width } = sheet;
  pixels.fill(pixelOf(colours.paper));
  const inks = colours.groups.map(pixelOf);
  const [own, other] = state.group < 0 ? [0.82, 0.82] : [0.95, 0.1];
  const [bright, faint] = emphasis.words.length > 0 ? [masksOf(0.22), masksOf(0.1)] : [masksOf(own), masksOf(other)];
  const each = scale() * density;
  const left = Math.round(margin + canvas.width / 2 - view.x * each);
  const top = Math.round(margin + canvas.height / 2 + view.y * each);
  const [least, right, bottom] = [margin / 2, width - margin / 2, image.height - margin / 2];
  for (let word = words.length - 1; word >= 0; word--) {
    const x = left + Math.round(points[2 * word] * each);
    const y = top - Math.round(points[2 * word + 1] * each);
    if (x < least || y < least || x >= right || y >= bottom) continue;
    const group = groupOf[word];
    const some = state.group < 0 || state.group === group ? bright : faint;
    stamp(pixels, y * width + x, some[sizeOf[word]], inks[group]);
  }
  ink.putImageData(image, -margin, -margin);
}

// Red with blue, and green, are mixed two at a time, as integers.
function stamp(pixels, centre, { offsets, shares }, colour) {
  const [redBlue, green] = [colour & 0xff00ff, colour & 0xff00];
  for (let i = 0; i < offsets.length; i++) {
    const at = centre + offsets[i];
    const old = pixels[at];
    const share = shares[i];
    const rest = 256 - share;
    const a = (((old & 0xff00ff) * rest + redBlue * share) >>> 8) & 0xff00ff;
    const b = (((old & 0xff00) * rest + green * share) >>> 8) & 0xff00;
    pixels[at] = 0xff000000 | a | b;
  }
}

function masksOf(opacity) {
  const key = `${opacity} ${zoomStep()}`;
  if (!masks.has(key)) masks.set(key, SIZES.map((size) => makeMask(size * growth() * density, opacity)));
  return masks.get(key);
}

function makeMask(radius, opacity) {
  const [offsets, shares] = [[], []];
  const reach = Math.ceil(radius);
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const covered = clamp(radius + 0.5 - Math.hypot(x, y), 0, 1); // the edge is softened over one pixel
      if (covered === 0) continue;
      offsets.push(y * sheet.width + x);
      shares.push(Math.round(covered * opacity * 256));
    }
  }
  return { offsets: Int32Array.from(offsets), shares: Int32Array.from(shares) };
}

// "#rrggbb" as a pixel, whose first byte is red.
function pixelOf(colour) {
  const value = parseInt(colour.slice(1), 16);
  return (0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}
