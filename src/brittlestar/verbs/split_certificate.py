"""The certificate of a composed split in a few lines for people."""

from collections.abc import Mapping
from typing import Any

from brittlestar.data.tables import format_count, format_list

SHOWN = 8  # a list that a person reads
FAR = 0.05  # a difference of class shares, as a fraction, that is said to be one
LONGER = 0.1  # a difference of mean lengths, as a fraction of train's, that is said


def certificate_lines(certificate: Mapping[str, Any] | None) -> tuple[str, ...]:
    """What is held out, what is absent, and what is alike; nothing for a split without a certificate."""
    if certificate is None:
        return ()
    name, compounds = certificate["split"], certificate["compounds"]
    lines = [f"certificate of {name} against train ({certificate['compound']})"]
    if held := compounds["held_out"]:
        lines.append(f"  held out   {format_list([repr(one['compound']) for one in held], SHOWN)}")
        lines.append(f"  absent     {_absent(held, certificate['rows'], name)}")
        least = min((part for one in held for part in one["parts"]), key=lambda part: part["train_rows"])
        share = least["train_rows"] / certificate["rows"]["train"]
        rows = format_count(least["train_rows"], "train row")
        lines.append(f"  parts      each alone is in train: {least['atom']!r}, the rarest, in {rows} ({share:.1%})")
    lines.append(f"  atoms      {_atoms(certificate)}")
    lines.append(f"  compounds  {_compounds(certificate)}")
    gap = certificate["labels"]["largest_difference"]
    caution = "; a lower score may come from this alone" if gap > FAR else ""
    lines.append(f"  labels     class shares differ by up to {100 * gap:.1f} points{caution}")
    train, shifted = certificate["lengths"]["train"], certificate["lengths"][name]
    longer = shifted / train - 1 if train else 0.0
    if abs(longer) > LONGER:
        way = "longer" if longer > 0 else "shorter"
        lines.append(f"  lengths    rows of {name} are {abs(longer):.0%} {way} than those of train on average")
    if across := certificate["joined_across"]:
        which = f"{across:,} of {certificate['rows'][name]:,} rows of {name}"
        lines.append(f"  near       {which} have a near copy or their group in another split, without what is held out")
    return tuple(lines)


def _absent(held: list[dict[str, Any]], rows: Mapping[str, int], name: str) -> str:
    others = [split for split in rows if split != name]
    counts = [f"{sum(one['rows'][split] for one in held):,} of {rows[split]:,} {split}" for split in others]
    each = ", ".join(f"{one['compound']!r} {one['rows'][name]:,}" for one in held[:SHOWN])
    return f"in {', '.join(counts)} rows; in all {rows[name]:,} of {name} ({each})"


def _atoms(certificate: Mapping[str, Any]) -> str:
    atoms, name = certificate["atoms"], certificate["split"]
    shift = atoms["largest_shift"]
    cap = f", at most {atoms['cap']:g} allowed" if atoms["cap"] is not None else ""
    beside = f"(a random split: {certificate['random']['atom_divergence']:.4f}{cap})"
    most = f"{shift['atom']!r} {shift['train']:.1%} in train, {shift[name]:.1%} in {name}"
    return f"divergence {atoms['divergence']:.4f} {beside}; most of all {most}"


def _compounds(certificate: Mapping[str, Any]) -> str:
    compounds, name = certificate["compounds"], certificate["split"]
    beside = f"(a random split: {certificate['random']['compound_divergence']:.4f})"
    unseen = compounds["unseen"]
    told = f"{unseen['number']:,} of {compounds['number']:,} are in {name} and not in train"
    return f"divergence {compounds['divergence']:.4f} {beside}; {told}, {unseen['share']:.1%} of what stands in {name}"
