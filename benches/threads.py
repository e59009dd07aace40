"""Faults of real networks: how many of them `nn check` names, and whether its fixes mend them.

    python3 benches/threads.py --nn target/release/nn --folder tests/threads

The folder holds programs written after public threads, and `threads.json`, which says of each what its fault is (`main`:
codes any of which names it; `also`: codes of other faults and true consequences). For each program `nn check` is run; for
each faulty one its fixes are applied until nothing changes, and the program as it was, as it is after the fixes, and as
the thread's answer mends it are trained with three seeds each. The tables are markdown, those of docs/threads.md.
Standard library alone.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SEEDS = (1, 2, 3)
ROUNDS = 6
CLOSE = 0.05
WORSE = 0.01


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--nn", required=True, help="the binary")
    parser.add_argument("--folder", required=True, help="the programs, their data, and threads.json")
    parser.add_argument("--part", default="all", choices=["open", "held", "all"])
    parser.add_argument("--json", help="where the figures go, as JSON")
    parser.add_argument("--only", help="names, separated by commas")
    parser.add_argument("--no-fixes", action="store_true", help="only what check says: nothing is trained")
    return parser.parse_args()


def run(command, folder=None, seconds=300):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return 124, "", "out of time"
    return done.returncode, done.stdout, done.stderr


def findings(nn, path):
    """The reports of `nn check`, in its order."""
    code, out, err = run([nn, "check", "--format", "json", path])
    reports = []
    for line in out.splitlines():
        if line.strip():
            reports.append(json.loads(line))
    if code not in (0, 1):
        sys.exit(f"{path}: nn check ended with {code}: {err.strip()}")
    return reports


def metric(text, name):
    """The metric in the table that training prints: of the test rows, else of validation, else of training."""
    head, got = None, {}
    for line in text.splitlines():
        cells = re.split(r"\s{2,}", line.strip()) if line.strip() else []
        if cells and cells[0] == "rows" and head is None:
            head = [cell.split(" ")[0] for cell in cells]
        elif head and cells and cells[0] in ("training", "validation", "test") and len(cells) == len(head) + 1:
            got[cells[0]] = dict(zip(head, cells[1:])).get(name)
        elif head and got:
            break
    for rows in ("test", "validation", "training"):
        if got.get(rows) is not None:
            try:
                return float(got[rows].replace("\u2212", "-"))
            except ValueError:
                return None
    return None


def trained(nn, path, name, folder):
    """The metric over the seeds; None for a run that was refused, diverged or took too long."""
    model = os.path.join(folder, "trained.safetensors")
    values = []
    for seed in SEEDS:
        code, out, _ = run([nn, "train", path, "-q", "-o", model, "--set", f"train.seed={seed}"])
        values.append(metric(out, name) if code == 0 else None)
    return values


def middle(values):
    """The median, a run without a result counting as the worst; None where that is the median."""
    ordered = sorted((-float("inf") if v is None else v) for v in values)
    value = statistics.median_low(ordered)
    return None if value == -float("inf") else value


def fixed(nn, path):
    """Applies the fixes until the program stays as it is; the number of rounds that changed it."""
    rounds = 0
    while rounds < ROUNDS:
        with open(path) as file:
            before = file.read()
        run([nn, "check", "--fix", "--unsafe-fixes", path])
        with open(path) as file:
            if file.read() == before:
                break
        rounds += 1
    return rounds


def share(part, whole):
    return f"{part} of {whole}" + (f" ({100 * part / whole:.0f} %)" if whole else "")


def number(value):
    return "-" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:.1e}"


def cell(codes):
    return " ".join(codes) if codes else "-"


def judge(thread, options):
    name = thread["name"]
    path = os.path.join(options.folder, name + ".nn")
    started = time.time()
    reports = findings(options.nn, path)
    loud = [r["code"] for r in reports if r["level"] in ("error", "warning")]
    row = {
        "name": name,
        "sound": thread["sound"],
        "part": thread["part"],
        "reports": [[r["code"], r["level"]] for r in reports],
        "codes": loud,
        "levels": [r["level"] for r in reports if r["level"] in ("error", "warning")],
        "notes": [r["code"] for r in reports if r["level"] not in ("error", "warning")],
        "check_seconds": round(time.time() - started, 2),
    }
    main, fair = set(thread["main"]), set(thread["main"]) | set(thread["also"])
    row["recalled"] = any(c in fair for c in loud)
    row["named"] = any(c in main for c in loud)
    row["first"] = bool(loud) and loud[0] in main
    row["noted"] = any(c in main for c in row["notes"])
    row["fair"] = sum(c in fair for c in loud)
    row["unfair"] = [c for c in loud if c not in fair]
    if options.no_fixes:
        return row
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(os.path.join(options.folder, "data"), os.path.join(folder, "data"))
        copy = os.path.join(folder, name + ".nn")
        shutil.copy(path, copy)
        row["metric"] = thread["metric"]
        row["as_is"] = trained(options.nn, copy, thread["metric"], folder)
        row["rounds"] = fixed(options.nn, copy)
        if row["rounds"]:
            with open(copy) as file:
                row["fixed_program"] = file.read()
            row["fixed"] = trained(options.nn, copy, thread["metric"], folder)
        else:
            row["fixed"] = row["as_is"]
        row["still"] = [r["code"] for r in findings(options.nn, copy) if r["level"] in ("error", "warning")]
        if not thread["sound"]:
            mended = os.path.join(folder, name + ".mended.nn")
            shutil.copy(os.path.join(options.folder, name + ".mended.nn"), mended)
            row["mended"] = trained(options.nn, mended, thread["metric"], folder)
    was, now = middle(row["as_is"]), middle(row["fixed"])
    row["median"] = {"as_is": was, "fixed": now}
    if thread["sound"]:
        row["harmed"] = row["rounds"] > 0 and was is not None and (now is None or now < was - WORSE)
        return row
    goal = middle(row["mended"])
    row["median"]["mended"] = goal
    row["reached"] = now is not None and goal is not None and now >= goal - CLOSE
    row["worse"] = was is not None and (now is None or now < was - WORSE)
    row["silent_divergence"] = now is None and not row["still"]
    row["left_silent"] = row["rounds"] > 0 and not row["reached"] and not row["still"]
    return row


def table(rows, options):
    bad = [r for r in rows if not r["sound"]]
    good = [r for r in rows if r["sound"]]
    trains = not options.no_fixes
    if bad:
        print("\n### Faulty programs\n")
        head = "| program | errors and warnings | notes | named | first | not called for |"
        line = "|---|---|---|---|---|---|"
        if trains:
            head += " as it is | fixed | mended | reached |"
            line += "---|---|---|---|"
        print(head + "\n" + line)
        for r in bad:
            text = (f"| {r['name']} | {cell(r['codes'])} | {cell(r['notes'])} | {'yes' if r['named'] else 'no'} | "
                    f"{'yes' if r['first'] else 'no'} | {cell(r['unfair'])} |")
            if trains:
                m = r["median"]
                text += f" {number(m['as_is'])} | {number(m['fixed'])} | {number(m['mended'])} | {'yes' if r['reached'] else 'no'} |"
            print(text)
    if good:
        print("\n### Sound programs\n")
        print("| program | errors and warnings | notes | not called for |" + (" as it is | after fixes |" if trains else ""))
        print("|---|---|---|---|" + ("---|---|" if trains else ""))
        for r in good:
            text = f"| {r['name']} | {cell(r['codes'])} | {cell(r['notes'])} | {cell(r['unfair'])} |"
            if trains:
                text += f" {number(r['median']['as_is'])} | {number(r['median']['fixed'])} |"
            print(text)


def totals(rows, options, part):
    bad = [r for r in rows if not r["sound"]]
    good = [r for r in rows if r["sound"]]
    said = sum(len(r["codes"]) for r in rows)
    figures = {
        "faulty": len(bad),
        "sound": len(good),
        "recall": sum(r["recalled"] for r in bad),
        "strict": sum(r["named"] for r in bad),
        "first": sum(r["first"] for r in bad),
        "reports": said,
        "fair_reports": sum(r["fair"] for r in rows),
        "errors_on_sound": sum(r["levels"].count("error") for r in good),
        "warnings_on_sound": sum(r["levels"].count("warning") for r in good),
        "sound_with_a_report": sum(bool(r["codes"]) for r in good),
        "sound_with_an_unfair_report": sum(bool(r["unfair"]) for r in good),
        "check_seconds_longest": max((r["check_seconds"] for r in rows), default=0),
    }
    n = len(bad)
    print(f"\n### Figures of the {part} part\n")
    print("| figure | value |\n|---|---|")
    print(f"| faulty programs with a fair error or warning (recall) | {share(figures['recall'], n)} |")
    print(f"| faulty programs whose main cause is named (strict) | {share(figures['strict'], n)} |")
    print(f"| faulty programs whose first report names it (first) | {share(figures['first'], n)} |")
    print(f"| errors and warnings that are fair (precision) | {share(figures['fair_reports'], said)} |")
    print(f"| errors on {len(good)} sound programs | {figures['errors_on_sound']} |")
    print(f"| warnings on {len(good)} sound programs | {figures['warnings_on_sound']} |")
    print(f"| sound programs with a report that is not called for | {share(figures['sound_with_an_unfair_report'], len(good))} |")
    if not options.no_fixes:
        figures["reached"] = sum(r["reached"] for r in bad)
        figures["worse"] = [r["name"] for r in bad if r["worse"]]
        figures["silent_divergence"] = [r["name"] for r in bad if r["silent_divergence"]]
        figures["left_silent"] = [r["name"] for r in bad if r["left_silent"]]
        figures["sound_harmed"] = [r["name"] for r in good if r["harmed"]]
        print(f"| faulty programs that the fixes bring within {CLOSE} of the mended | {share(figures['reached'], n)} |")
        print(f"| faulty programs that are worse after the fixes | {cell(figures['worse'])} |")
        print(f"| programs that diverge after the fixes with nothing reported | {cell(figures['silent_divergence'])} |")
        print(f"| fixed, short of the mended, and nothing more reported | {cell(figures['left_silent'])} |")
        print(f"| sound programs that are worse after the fixes | {cell(figures['sound_harmed'])} |")
    print(f"| longest check, in seconds | {figures['check_seconds_longest']} |")
    missed = [r for r in bad if not r["named"]]
    if missed:
        print("\nMain cause not named: " + ", ".join(r["name"] + (" (a note)" if r["noted"] else "") for r in missed) + ".")
    return figures


def main():
    options = arguments()
    options.nn = os.path.abspath(options.nn)
    options.folder = os.path.abspath(options.folder)
    with open(os.path.join(options.folder, "threads.json")) as file:
        threads = json.load(file)
    threads = [t for t in threads if options.part in ("all", t["part"])]
    if options.only:
        wanted = options.only.split(",")
        threads = [t for t in threads if t["name"] in wanted]
    rows = []
    for at, thread in enumerate(threads):
        print(f"{at + 1}/{len(threads)} {thread['name']}", file=sys.stderr, flush=True)
        rows.append(judge(thread, options))
    figures = {}
    for part in ("open", "held"):
        of_part = [row for row in rows if row["part"] == part]
        if of_part:
            print(f"\n## {part.capitalize()} part")
            table(of_part, options)
            figures[part] = totals(of_part, options, part)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"part": options.part, "figures": figures, "programs": rows}, file, indent=1, ensure_ascii=False)
            file.write("\n")


if __name__ == "__main__":
    main()
