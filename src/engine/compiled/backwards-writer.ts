/**
 * Protobuf's wire format (protobuf.dev/programming-guides/encoding), written from the end to the start: when the length of
 * a message is due, all of it is there. Fields of one message are written in reverse.
 */
export class BackwardsWriter {
  private buffer = Buffer.allocUnsafe(2 ** 16)
  /** Where what is written begins. */
  private at = this.buffer.length

  written(): Uint8Array {
    return this.buffer.subarray(this.at)
  }

  message(field: number, write: () => void): void {
    const after = this.buffer.length - this.at
    write()
    this.head(field, 2, this.buffer.length - this.at - after)
  }

  bytes(field: number, content: Uint8Array): void {
    this.reserve(content.length)
    this.buffer.set(content, this.at)
    this.head(field, 2, content.length)
  }

  text(field: number, content: string): void {
    const length = Buffer.byteLength(content)
    this.reserve(length)
    this.buffer.write(content, this.at)
    this.head(field, 2, length)
  }

  int(field: number, value: number): void {
    this.head(field, 0, value)
  }

  float(field: number, value: number): void {
    this.reserve(4)
    this.buffer.writeFloatLE(value, this.at)
    this.varint(field * 8 + 5)
  }

  /** A field's key and the number after it: its length, or its value. */
  private head(field: number, wireType: number, value: number): void {
    this.varint(value)
    this.varint(field * 8 + wireType)
  }

  /** 64-bit two's complement in groups of seven bits, lowest first. */
  private varint(value: number): void {
    if (value >= 0 && value < 128) {
      this.reserve(1)
      this.buffer[this.at] = value
      return
    }
    const groups: number[] = []
    for (let rest = BigInt.asUintN(64, BigInt(value)); rest > 0n; rest >>= 7n) groups.push(Number(rest & 127n))
    this.reserve(groups.length)
    for (const [index, group] of groups.entries()) {
      this.buffer[this.at + index] = index === groups.length - 1 ? group : group | 128
    }
  }

  /** Makes room for `size` bytes in front of what is there, and moves there. */
  private reserve(size: number): void {
    if (size > this.at) {
      const content = this.written()
      const larger = Buffer.allocUnsafe(2 * this.buffer.length + size)
      larger.set(content, larger.length - content.length)
      this.buffer = larger
      this.at = larger.length - content.length
    }
    this.at -= size
  }
}
