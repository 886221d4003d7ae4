/** Complex numbers, for derivatives by complex step: f′(x) = Im f(x + iε)/ε without cancellation. */
export class Complex {
  readonly re: number;
  readonly im: number;

  constructor(re: number, im = 0) {
    this.re = re;
    this.im = im;
  }

  plus(other: Complex | number): Complex {
    const o = asComplex(other);
    return new Complex(this.re + o.re, this.im + o.im);
  }

  minus(other: Complex | number): Complex {
    const o = asComplex(other);
    return new Complex(this.re - o.re, this.im - o.im);
  }

  times(other: Complex | number): Complex {
    const o = asComplex(other);
    return new Complex(this.re * o.re - this.im * o.im, this.re * o.im + this.im * o.re);
  }

  over(other: Complex | number): Complex {
    const o = asComplex(other);
    const norm = o.re * o.re + o.im * o.im;
    return new Complex((this.re * o.re + this.im * o.im) / norm, (this.im * o.re - this.re * o.im) / norm);
  }

  exp(): Complex {
    const size = Math.exp(this.re);
    return new Complex(size * Math.cos(this.im), size * Math.sin(this.im));
  }

  log(): Complex {
    return new Complex(Math.log(Math.hypot(this.re, this.im)), Math.atan2(this.im, this.re));
  }

  cos(): Complex {
    return new Complex(Math.cos(this.re) * Math.cosh(this.im), -Math.sin(this.re) * Math.sinh(this.im));
  }

  sin(): Complex {
    return new Complex(Math.sin(this.re) * Math.cosh(this.im), Math.cos(this.re) * Math.sinh(this.im));
  }
}

export function asComplex(value: Complex | number): Complex {
  return typeof value === "number" ? new Complex(value) : value;
}
