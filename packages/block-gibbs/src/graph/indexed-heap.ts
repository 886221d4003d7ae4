/**
 * Numbers 0 … n − 1 by key, the largest on top and the lower number first among equals; keys can be changed in
 * O(log n) wherever the number stands.
 */
export class IndexedHeap {
  readonly keys: Float64Array;
  readonly #heap: Int32Array;
  /** Place in the heap of every number, −1 when it is not in. */
  readonly #place: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.keys = new Float64Array(capacity);
    this.#heap = new Int32Array(capacity);
    this.#place = new Int32Array(capacity).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  has(item: number): boolean {
    return this.#place[item]! >= 0;
  }

  /** Puts a number in, or changes its key. */
  set(item: number, key: number): void {
    let place = this.#place[item]!;
    if (place < 0) {
      place = this.#size++;
      this.#put(item, place);
      this.keys[item] = key;
      this.#rise(place);
      return;
    }
    const before = this.keys[item]!;
    this.keys[item] = key;
    if (key > before) this.#rise(place);
    else if (key < before) this.#sink(place);
  }

  /** Takes the number on top out. The heap must not be empty. */
  pop(): number {
    const top = this.#heap[0]!;
    this.remove(top);
    return top;
  }

  /** Takes a number out that is in. */
  remove(item: number): void {
    const place = this.#place[item]!;
    this.#place[item] = -1;
    const last = this.#heap[--this.#size]!;
    if (last === item) return;
    this.#put(last, place);
    this.#rise(place);
    this.#sink(this.#place[last]!);
  }

  #put(item: number, place: number): void {
    this.#heap[place] = item;
    this.#place[item] = place;
  }

  #before(a: number, b: number): boolean {
    const keyA = this.keys[a]!;
    const keyB = this.keys[b]!;
    return keyA > keyB || (keyA === keyB && a < b);
  }

  #rise(from: number): void {
    const item = this.#heap[from]!;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#heap[parent]!;
      if (!this.#before(item, above)) break;
      this.#put(above, place);
      place = parent;
    }
    this.#put(item, place);
  }

  #sink(from: number): void {
    const item = this.#heap[from]!;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#before(this.#heap[child + 1]!, this.#heap[child]!)) child++;
      const below = this.#heap[child]!;
      if (!this.#before(below, item)) break;
      this.#put(below, place);
      place = child;
    }
    this.#put(item, place);
  }
}
