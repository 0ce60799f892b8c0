// Faults of the words in a drawing, as they stand on the screen: too small, too large, on each other, cut off.
(svg, [least, most]) => {
  const wide = document.documentElement.clientWidth;
  const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim()).map((text) => {
    const { x, y, width, height } = text.getBBox();
    // Letters fill about the middle two thirds of a line's height.
    const [left, right, top, low] = [x + 1, x + width - 1, y + 0.2 * height, y + 0.8 * height];
    const matrix = text.getScreenCTM();
    const corners = [[left, top], [right, top], [right, low], [left, low]].map(([a, b]) => {
      const { x: across, y: down } = new DOMPoint(a, b).matrixTransform(matrix);
      return [across, down];
    });
    const size = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(matrix.a, matrix.b);
    return { words: text.textContent, corners, size };
  });
  const apart = (one, other) => [one, other].some((quad) => [0, 1].some((side) => {
    const [[ax, ay], [bx, by]] = [quad[side], quad[side + 1]];
    const along = ([px, py]) => px * (bx - ax) + py * (by - ay);
    const [first, second] = [one.map(along), other.map(along)];
    return Math.max(...first) <= Math.min(...second) || Math.max(...second) <= Math.min(...first);
  }));
  const faults = [];
  texts.forEach(({ words, corners, size }, place) => {
    if (size < least || size > most) faults.push(`${words}: ${size.toFixed(1)} px`);
    if (corners.some(([x]) => x < 0 || x > wide)) faults.push(`${words}: outside the page`);
    for (const other of texts.slice(place + 1)) {
      if (!apart(corners, other.corners)) faults.push(`${words} | ${other.words}`);
    }
  });
  return faults;
}
