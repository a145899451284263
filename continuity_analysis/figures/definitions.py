"""What every printed number means, in the words that pages, decks and GLOSSARY.md share."""

from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.tables import TABLES

DEFINITIONS = {
    "conventions": {
        "period": "A half-open window in UTC; a name such as 2026Q3 is understood in the stated time zone, clock changes included.",
        "as of": "Nothing that happened after this moment counts; what ended later is still open. By default the newest moment an export speaks of.",
        "coverage": "Share of the agreed hours for which some source was watching. Time without coverage is unknown: neither up nor down, neither protected nor exposed.",
        "achieved": "What happened in the period: a fact, uncertain only by coverage and by what had to be assumed.",
        "interval": "Two-sided, 95 %. A bound, worded at least or at most, is one-sided, 95 %. Too little evidence gives no estimate.",
        "verdict": "Met, breached, at risk, not enough evidence, or no objective set. Provisional while the period is not over.",
    },
    "availability": {
        "availability": "1 - D / K, with D the hours down (weighted by impact, overlaps counted once) and K the agreed hours that were watched.",
        "bounds": "All unwatched hours taken as down (low) and as up (high). Met only if the low bound reaches the objective, breached only if the high bound misses it.",
        "unplanned and planned down time": "Planned work counts only where nothing unplanned is worse at the same moment, so that both add up to all causes.",
        "impact": "Share of the service lost. Where no log states it, it is assumed: 1 for severity 1, 2 or unknown, 0 for 3 to 5, unless the catalogue says otherwise; a verdict that would differ between 0 and 1 is not given.",
        "agreed hours": "Service hours by the clock of the service's zone, clock changes included, without public holidays, agreed maintenance, and time before or after service. Outside of them nothing counts.",
        "unknown time": "Agreed hours in which no source watched, a probe could not tell, or the only tool that watched was told to create no incidents (its own maintenance windows). A list of planned work alone is no witness.",
        "over time": "The same numbers per calendar window, or per rolling window that ends with each. Objectives are drawn for reference: they are judged over the period.",
        "correction": "Applied one after the other in the catalogue's order, so that what each of them moved adds up to the difference between raw and corrected. What was ingested never changes.",
        "open incident": "Down until the last export that showed it open; from there on unknown.",
        "failure": "An unplanned stretch of down time, counted in the period in which it began; touching stretches are one.",
        "mean up time between failures": "Up time divided by failures (MTBF, operating time). Without a failure only a bound: at most 3.00 / up time.",
    },
    "causes": {
        "cause": "The class of cause that the source states, or that a rule of the catalogue gives to what the cause or title says (the first rule that fits). An outage without one takes that of the incident, reported by another product, with which it shares most time. What is left is unknown.",
        "down time of an incident": "Each moment goes to the incident with the largest impact, shared equally where several weigh the same, so that causes add up to the down time, unplanned and planned apart.",
        "failures of a cause": "A failure has the cause of the incident that began it: of those open at its first moment the one with the largest impact.",
        "worst outages": "Whole unplanned stretches of down time of one service; what several sources report of one counts once. The worst 1 % need at least 100 outages, the worst 5 % 20, the worst 10 % 10.",
    },
    "dependencies": {
        "together with what it needs": "Down when the service itself or anything it needs, directly or through others, is down; each counted once, in time in which all were known. Not the service's own availability.",
        "measured and as if independent": "Measured from the real stretches of down time; as if independent from how long each part was down by itself. An impact below 1 is taken level by level.",
        "dependence ratio": "Measured unavailability of the whole over the one predicted. Above 1, what should be redundant fails together; in a chain, below 1, failures coincide. Not printed below 3 outages in which parts were down together.",
        "what an improvement buys": "Hours a year won if a part never failed: Birnbaum's importance times its unavailability, as if parts failed independently.",
    },
    "changes": {
        "failed or rolled back": "A change that failed, or a completed one whose component's next change is a roll-back; share of the changes that ended, with the exact (Clopper-Pearson) interval. Roll-backs are not counted as changes, cancelled ones nowhere.",
        "down time in a change": "Down time of incidents that began while it lasted, and of planned work of its service that overlaps it; each incident goes to the change that began last.",
        "put right after": "From the end of a failed (or rolled back) change to the end of the next completed change or roll-back of its component (Kaplan-Meier); what was not put right is still open.",
        "within an hour of a change": "From the begin of a change until an hour after its end. By chance, failures would fall there in proportion to the up time there, each service by itself, in time in which both failures and changes were recorded; exact two-sided test, and services tested together share a false discovery rate of 5 %.",
    },
    "self_healing": {
        "failover, self-healing": "Recoveries of their own kind, never mixed with restores and drills; what failed or was not over when last seen is censored.",
        "down time in them": "Down time of the service while they lasted, each moment once; unknown where nobody watched the service.",
        "reconnection": "From the end of an unplanned outage of what a service needs to the end of the service's own outage that overlaps it; those that were back first are counted apart.",
    },
    "expected_availability": {
        "expected availability": "E[up] / (E[up] + E[down]) of the process that produced the failures so far: exponential up times, lognormal down times in hours of full outage; the median of the generalised law and its central 95 %. From 10 failures of known length on. Outside the lognormal family the interval holds the truth less often than it says: too pessimistic where long outages are rarer, too optimistic where they are more frequent (docs/calibration.md); where the down times are plainly not lognormal (Anderson-Darling at 1 %, or their mean outside its own interval) none is printed.",
        "planned work": "Added to the coming period as announced, unless only unplanned causes are judged; work nobody has announced yet is not foreseen.",
        "all services": "The average hour of a service; failures of several services that overlap count as one.",
        "coming period": "As long as the period reported, from the as-of moment on, simulated with what is not known of rate and down times included; failures are taken as independent. The mean, and the range in which 95 % of such periods lie.",
        "chance to meet it": "Share of the simulated periods that meet the objective. Below the chance required (90 % unless stated), what is met is at risk. Few failures pull it towards even odds, and down times of a lighter tail than lognormal make it too low (docs/calibration.md). A missing chance changes no verdict.",
        "no failure": "Chance that the coming period has no failure at all: at least, one-sided 95 %.",
        "failure rate": "Failures per year of up time. The exact interval supposes that they come independently; the overdispersed one lets them cluster as their counts in equal parts of the up time say (variance / mean, the dispersion; from 20 failures on). Both are shown. Without a failure: at most 3.00 / up time.",
        "MTBF and MTBSI": "Up time per failure, and known time per failure (from start to start).",
    },
    "trends": {
        "up time as the clock": "Failures are put on the up time of their service: what nobody watched, and what it was down, is cut out. A failure with which that clock begins is not counted; where the last one ends it (still down when last seen), it is failure truncated, else time truncated.",
        "Laplace": "U = Σ(t - T/2) / √(Σ T² / 12) over the failures within the observed T, standard normal at a constant rate. Above 0 they come more often.",
        "MIL-HDBK-189": "χ² = 2 Σ ln(T / t), with 2 n degrees of freedom at a constant rate. Below them failures come more often.",
        "Lewis-Robinson": "Laplace's U up to the last failure, over the coefficient of variation of the gaps: it asks whether gaps grow or shrink, whatever their law, so that failures that cluster are not taken for a trend.",
        "more often, less often": "All three tests find it, in the same direction; the largest of their p, adjusted for the number of services (Benjamini-Hochberg), is at most 5 %. The tests disagree: some find one, each adjusted in the same way. From 8 failures on (docs/calibration_trends.md). No evidence is not proof of none: where the rate grows in proportion to the clock (exponent 2), one trend in five is found from 10 failures and four in five from 30.",
        "all services together": "Each service against a constant rate of its own, in the time in which no other one was failed, so that failures that overlap are one. Trends in opposite directions cancel.",
        "exponent": "β of the power law E[N(t)] = λ t^β (Crow-AMSAA), n / Σ ln(T / t), with the exact interval: 2 n β / its estimate is χ² with 2 n degrees of freedom (2 (n - 1) where the last failure ended it). 1 is a constant rate, above 1 more often. Not printed where the law does not fit (Cramér-von Mises at 1 %).",
        "mean failures so far": "At each failure the share of the services still observed that failed then, added up (mean cumulative function), with Nelson's robust variance; 95 % band on the logarithm by Student's law, from 5 services still observed and 5 failures on. Services are taken as independent: where they fail together it is too narrow.",
    },
    "requests": {
        "request availability": "1 - failed / (total - refused), of the requests that access logs hold of agreed hours. Failed: 5xx, no answer, load shed; refused by client policy (filter, quota) is not counted. What a log does not tell is not guessed.",
        "bounds of requests": "How many requests there were while no access log speaks is not known: as many an hour as in logged ones are taken, all as failed (low) or none (high). Met or breached only if both sides agree.",
        "latency": "Share of the requests served that were answered within the limit, inclusive. Response times are counted up to fixed bounds, so that a limit between two of them, or a failed or refused request among the fast ones, leaves a least and a most; both must agree, or there is no verdict.",
        "bad minute": "A minute in which more than 5 % of at least 10 requests failed, unless the catalogue says otherwise (bad_minute). With fewer requests, or none, it is unknown.",
        "minutes not bad": "Good minutes, of those with enough requests to tell: the twin of availability by incidents.",
        "disagreement": "Bad minutes while no incident was open, or one rated without impact; incidents with an impact in whose minutes no request failed. Only where there were enough requests and someone watched for incidents.",
    },
    "error_budget": {
        "error budget": "What the objective allows: agreed hours of the whole period times (1 - objective), also while the period is not over; its twin in requests: requests of the whole period times (1 - objective), in hours without a log as many as in logged ones. An objective of 100 % has none.",
        "spent": "Hours down, weighted by impact, of all causes or unplanned ones only, as the catalogue has it judged; or requests failed. Bounds: assumed impacts at none and full, unknown time at none and all of it.",
        "burn": "Share bad of what is known, divided by (1 - objective): 1 spends exactly the budget. Also over the last 30 days.",
        "gone by": "When the budget will be gone at the rate of the last 30 days; not printed while that burn is 1 or less, or where it lasts to the end of the period.",
        "spent by an incident": "Each moment's down time goes to the incident with the largest impact then, in equal parts where several have it; planned work bears only what it adds. So parts add up to what was spent. An outage that several products saw is one incident.",
        "rolling windows": "The 30 and 90 days up to the end of the period, or as of; their budget is that of their own agreed hours.",
    },
    "restoration": {
        "time to restore": "From the start of a disruption to its restoration, one observation per service and incident (MTRS, often called MTTR). A ticket's closure is not restoration; where nothing else is known it is an upper bound and marked.",
        "still open": "Counted as having lasted at least until the last export that showed it open (right-censored), never left out.",
        "median and P90": "Quantiles of the Kaplan-Meier curve, intervals from its inverted log-log band. What the curve or band does not reach is not printed.",
        "mean": "The burden, hours per incident: arithmetic, printed only where no incident is open; its interval (Cox's method) only from n = 30.",
        "within the objective": "Share restored in time by the Kaplan-Meier curve, with its interval.",
        "longer, shorter": "One test, stated beforehand: the log-rank test by shuffling who belongs to which period, within severities, two-sided at 5 %, adjusted for how many groups are asked about (Benjamini-Hochberg). Ratios of medians are description, not the test.",
        "smallest change seen": "The ratio of durations that as many incidents as these, drawn from the same history, would show 8 times in 10.",
        "MTTR by itself": "All restored incidents on record, drawn anew for two periods of equal size: how often and how far their means differ though nothing changed (Davidovič 2021).",
    },
    "recovery_point": {
        "recovery point": "The moment whose data a backup holds. Where the log does not say, the start of the run, marked assumed.",
        "exposure": "At each moment the age of the newest recovery point that was usable then: finished, not yet expired or removed, its whole chain usable. It rises with slope 1, so just before a new backup is usable it reaches interval plus run time.",
        "unprotected": "No usable backup at all. The worst exposure is then without limit.",
        "service exposure": "At each moment the worst of its assets.",
        "P50, P95, worst": "Exact quantiles over all watched moments of the period; no sampling.",
        "exactness": "exact; lower bound where only the end of a run is known; unknown where run times had to be assumed. A single listing shows survivors only: it may prove an objective met, never breached.",
    },
    "expected_recovery_point": {
        "backup cycle": "A backup that became usable, its run time, the time until the next run was due, and the runs after it that gave none. Only time in which it is proven that no run was overlooked counts; a single listing proves none.",
        "missed": "A run that failed, or was due and left no trace: where two runs lie k usual intervals apart, k - 1. The usual interval is the median; after runs of one hour of the week longer where in eight weeks or more hardly ever another came sooner.",
        "misses cluster": "So few unbroken strings of misses, or fewer, come about at most once in 20 times where misses fall anywhere among the runs due (Wald and Wolfowitz). Then whole strings are resampled: something stops the backups for a time. Else each due run has the same chance of a miss.",
        "expected mean": "In the long run E[G²] / 2 E[G] plus the run time, G being the time from one usable backup to the next (Cox 1962); half the interval plus the run time where no run is missed. The 95 % interval joins the exact limits of the chance of a miss (Clopper-Pearson) with the bootstrap of whole cycles. Of a service with several assets only the coming period is printed.",
        "coming P95, coming worst": "Medians of 1,000 simulated periods as long as the one reported, from the state at the end of the watched time, with what is not known of the cycles included; in brackets the 95 % prediction interval. Expiry is not simulated: where backups ran out in the history nothing is foreseen.",
        "chance to meet the RPO": "Share of the simulated periods within the target for the share of time promised. A promise never yet broken is not sure to be kept. Assets of one service are taken as independent.",
        "longest interval that will do": "The longest interval tried, from 15 minutes to a day, under which the chance reaches the one required. Run times and the chance of a miss per run stay; where misses cluster, what stops the backups stays as long and begins as often per hour. Not judged where more than one run in 20 takes longer than the interval.",
    },
    "recovery_time": {
        "recovery time": "From the disruption to the service running again at its minimum capacity; attempts for one disruption are one recovery.",
        "failed, aborted, running": "A failed recovery is never restored and counts as a failure. An aborted or running one has lasted at least so long; it is a failure if already past the objective, else not evaluable.",
        "data restores": "Tool logs without a disruption measure only the restore of data: never a success by themselves, a failure if that part alone exceeds the objective.",
        "chance to meet it": "Successes over evaluable recoveries, with the exact (Clopper-Pearson) interval; the proven chance is its one-sided lower bound.",
        "more successes needed": "How many more in a row carry the proven chance over the required one.",
        "last proof": "The newest successful end-to-end recovery or drill; older than the catalogue's limit (365 days unless stated) it no longer counts.",
    },
    "scorecard": {
        "achieved": "In the target's own unit. For time to restore: by when the promised share was restored. For data at risk: the exposure at the promised share of time. For recovery time: the slowest evaluable recovery.",
        "expected": "What the process would do again, with its interval; printed only where a model can defend it.",
        "previous period": "The same number for the period before; a difference is stated, never called a change without a test.",
    },
    "data_quality": {
        "used, ignored, rejected": "Every record of every file is exactly one of the three: it led to rows, it is right but says nothing here (with the reason), or it could not be used (kept with its raw text).",
        "vouches from, until": "The stretch of time a source speaks for: a history or a window from its earliest moment, a listing from its oldest survivor, each up to the moment it was made. A list of what is open now vouches for nothing.",
        "read more than once": "The same id of the same product in several exports or rows. It counts once: of a record the newest version, of a history of events all it says.",
        "stood twice, never were": "Local times without an offset in the hour that clocks repeat (the first is taken) or skip (moved to the next that exists); each may be an hour off.",
        "backups seen nowhere else": "Backups known from listings only. What was deleted before the first listing, and what came and went between two, was never seen.",
        "unclaimed": "A component or asset that no service of the catalogue claims; it counts in no scorecard.",
    },
}  # fmt: skip


def definitions(*questions: str) -> Sentence:
    """The definitions behind the numbers of some questions, as a Markdown list; always with the conventions."""
    chosen = {term: text for q in ("conventions", *questions) for term, text in DEFINITIONS[q].items()}
    return Sentence("\n".join(f"- **{term[0].upper()}{term[1:]}**: {text}" for term, text in chosen.items()))


def glossary() -> str:
    """GLOSSARY.md: every term, then every column of every canonical table."""
    lines = [
        "# Glossary",
        "",
        "Made by `python -m continuity_analysis.figures.definitions`; a test keeps it in step.",
        "",
    ]
    for question, terms in DEFINITIONS.items():
        lines += [f"## {question.replace('_', ' ').capitalize()}", ""]
        lines += [f"- **{term}**: {text}" for term, text in terms.items()] + [""]
    lines += ["## Columns of the canonical tables", ""]
    for table in TABLES.values():
        lines += [f"### {table.name}", "", f"One row is {table.one_row_is}. Key: {', '.join(table.key)}.", ""]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        lines += [f"| `{c.name}` | {c.type} | {c.meaning}{_words(c)} |" for c in table.all_columns] + [""]
    return "\n".join(lines)


def _words(column) -> str:
    return f": {', '.join(column.values)}" if column.values else ""


if __name__ == "__main__":
    print(glossary(), end="")
