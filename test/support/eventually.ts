/** Waits until a condition holds; the platform works by events, so stories wait for outcomes, never for time. */
export async function eventually<Value>(
  look: () => Promise<Value>,
  patienceMilliseconds = 30_000,
): Promise<Value> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`This never came true: ${look.toString().slice(0, 300)}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
