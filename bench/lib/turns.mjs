/** Who is compared takes turns, many and short ones, so that what others do on the machine meets all alike. */

/**
 * Calls `run` with each of the names in `rounds` rounds, in each of which another one is first, and returns for each name what came of
 * it. `warmUp` rounds before them do not count.
 */
export async function inTurns(names, { rounds, warmUp = 0 }, run) {
  const results = Object.fromEntries(names.map((name) => [name, []]));
  const order = [...names];
  for (let round = -warmUp; round < rounds; round++) {
    // Each comes after each other as often.
    order.push(order.shift());
    for (const name of round % 2 === 0 ? order : [...order].reverse()) {
      const result = await run(name);
      if (round >= 0) results[name].push(result);
    }
  }
  return results;
}
