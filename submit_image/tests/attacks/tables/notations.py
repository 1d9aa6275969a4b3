"""Ways to write an address that parsers, resolvers and browsers have understood at some time."""

import ipaddress
from collections.abc import Callable

type Notation = Callable[[ipaddress.IPv4Address], str]


def _parts(address: ipaddress.IPv4Address) -> list[int]:
    return list(address.packed)


def _dotted(form: str) -> Notation:
    return lambda address: ".".join(format(part, form) for part in _parts(address))


def _written(digits: str, dot: str = ".") -> Notation:
    """Write the decimal notation in other digits and with other dots."""
    return lambda address: str(address).translate(str.maketrans("0123456789.", digits + dot))


def _embedded(prefix: str, form: str = "{0:x}:{1:x}") -> Notation:
    def notation(address: ipaddress.IPv4Address) -> str:
        high, low = divmod(int(address), 0x10000)
        return f"[{prefix}{form.format(high, low, address)}]"

    return notation


def _teredo(address: ipaddress.IPv4Address) -> str:
    high, low = divmod(int(address) ^ 0xFFFFFFFF, 0x10000)
    return f"[2001:0:5db8:d822::{high:x}:{low:x}]"


ASCII = "0123456789"
NOTATIONS: dict[str, Notation] = {
    "decimal number": lambda address: str(int(address)),
    "hexadecimal number": lambda address: hex(int(address)),
    "hexadecimal number, upper case": lambda address: f"0X{int(address):X}",
    "octal number": lambda address: f"0{int(address):o}",
    "octal number, padded": lambda address: f"{int(address):020o}",
    "decimal number, overflowing": lambda address: str(int(address) + 2**32),
    "two parts": lambda a: f"{_parts(a)[0]}.{int(a) & 0xFFFFFF}",
    "three parts": lambda a: f"{_parts(a)[0]}.{_parts(a)[1]}.{int(a) & 0xFFFF}",
    "five parts": lambda address: f"0.{address}",
    "dotted hexadecimal": lambda a: ".".join(hex(part) for part in _parts(a)),
    "dotted hexadecimal, padded": lambda a: ".".join(f"0x{part:08x}" for part in _parts(a)),
    "dotted octal": lambda a: ".".join(f"0{part:o}" for part in _parts(a)),
    "dotted octal, padded": lambda a: ".".join(f"{part:08o}" for part in _parts(a)),
    "decimal with leading zeros": _dotted("03d"),
    "octal, then decimal": lambda a: f"0{_parts(a)[0]:o}" + str(a)[len(str(_parts(a)[0])) :],
    "hexadecimal, then decimal": lambda a: hex(_parts(a)[0]) + str(a)[len(str(_parts(a)[0])) :],
    "last part in hexadecimal": lambda a: str(a).rpartition(".")[0] + f".{_parts(a)[3]:#x}",
    "parts beyond 255": lambda a: ".".join(str(part + 256) for part in _parts(a)),
    "trailing dot": lambda address: f"{address}.",
    "two trailing dots": lambda address: f"{address}..",
    "decimal number, trailing dot": lambda address: f"{int(address)}.",
    "leading dot": lambda address: f".{address}",
    "doubled dots": lambda address: str(address).replace(".", ".."),
    "plus sign": lambda address: f"+{address}",
    "underscores": lambda address: f"{int(address):_}",
    "comma": lambda address: str(address).replace(".", ","),
    "circled digits": _written("⓪①②③④⑤⑥⑦⑧⑨"),
    "full-width digits": _written("\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"),
    "superscript digits": _written("⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "subscript digits": _written("₀₁₂₃₄₅₆₇₈₉"),
    "Arabic-Indic digits": _written("٠١٢٣٤٥٦٧٨٩"),
    "Devanagari digits": _written("०१२३४५६७८९"),
    "mathematical bold digits": _written("".join(chr(0x1D7CE + digit) for digit in range(10))),
    "monospace digits": _written("".join(chr(0x1D7F6 + digit) for digit in range(10))),
    "ideographic full stops": _written(ASCII, "\u3002"),
    "full-width full stops": _written(ASCII, "\uff0e"),
    "half-width ideographic full stops": _written(ASCII, "\uff61"),
    "one-dot leaders": _written(ASCII, "\u2024"),
    "soft hyphens": lambda address: str(address).replace(".", ".\u00ad"),
    "zero-width joiners": lambda address: str(address).replace(".", "\u200d."),
    "percent-encoded": lambda a: "".join(f"%{ord(character):02x}" for character in str(a)),
    "percent-encoded dots": lambda address: str(address).replace(".", "%2e"),
    "doubly percent-encoded dots": lambda address: str(address).replace(".", "%252e"),
    "brackets": lambda address: f"[{address}]",
    "mapped": _embedded("::ffff:"),
    "mapped, dotted": _embedded("::ffff:", "{2}"),
    "mapped, upper case": _embedded("::FFFF:", "{0:X}:{1:X}"),
    "mapped, written out": _embedded("0:0:0:0:0:ffff:"),
    "mapped, padded": _embedded("0000:0000:0000:0000:0000:ffff:", "{0:04x}:{1:04x}"),
    "mapped, zone": _embedded("::ffff:", "{2}%lo"),
    "mapped, encoded zone": _embedded("::ffff:", "{2}%25lo"),
    "compatible": _embedded("::"),
    "compatible, dotted": _embedded("::", "{2}"),
    "translated": _embedded("::ffff:0:"),
    "NAT64": _embedded("64:ff9b::"),
    "NAT64, dotted": _embedded("64:ff9b::", "{2}"),
    "NAT64 for local use": _embedded("64:ff9b:1::"),
    "6to4": _embedded("2002:", "{0:x}:{1:x}::1"),
    "Teredo": _teredo,
    "ISATAP, link-local": _embedded("fe80::5efe:"),
    "IPvFuture": _embedded("v1.", "{2}"),
}

# These are names to everyone: there is no such name, and a look-up finds that out.
NAMES = ("underscores", "Devanagari digits")
TARGETS = ("127.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.0.1", "100.64.0.1")


def hosts() -> dict[str, str]:
    """Return each target in each notation, with its name."""
    return {
        f"{name} of {target}": notation(ipaddress.IPv4Address(target))
        for name, notation in NOTATIONS.items()
        for target in TARGETS
    }
