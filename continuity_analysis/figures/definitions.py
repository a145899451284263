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
        "begun before the source watched": "Counted from the moment its source began to watch on (delayed entry): a shorter one would not have been seen. Left out where periods or groups are compared.",
        "median and P90": "Quantiles of the Kaplan-Meier curve, intervals from its inverted log-log band. What the curve or band does not reach is not printed, nor P75, P90 and P95 below 4, 10 and 20 incidents.",
        "mean": "The burden, hours per incident: arithmetic, printed only where no incident is open; its interval (Cox's method) only from n = 30.",
        "restricted mean": "Mean time within a stated horizon, the longest observation: the area under the curve, open incidents included. Its interval supposes that the share of the horizon is normal on the logit scale; none below three that ended.",
        "geometric mean": "The mean of the logarithms: the typical incident, which a few long ones hardly move.",
        "seen from a random minute": "Length-biased mean: the mean length of the incident that a random minute of disruption of the period belonged to (sum of squares over sum). What users meet is this, not the mean.",
        "time to detect, acknowledge, mitigate": "MTTD from start to detection, MTTA from detection to acknowledgement, MTTM from start to mitigation. Not recorded is not zero. Detected before the impact is 0 h. Where a source takes the making of its record for the start, the time to detect is unknown and the record stands for the detection.",
        "where the time goes": "The hours of restored incidents from each known moment to the next, so that they add up. A moment that nobody recorded, or out of order, makes one phase of the two beside it (hatched).",
        "working hours": "From 8:00 to 18:00 from Monday to Friday by the clock of the reported zone; the rest is weekday nights and weekends. Public holidays are not known here.",
        "law": "Exponential, Weibull, lognormal and log-logistic by maximum likelihood, from ten that ended on; zeros and ties known only within the resolution of the timestamps, open ones right-censored. Intervals by profile likelihood with Bartlett's correction (docs/calibration_lifetimes.md). Location: the characteristic life of a Weibull, the mean of an exponential, the median of the others. Shape: of a lognormal the standard deviation of the logarithms, else the exponent.",
        "best, not separable, worse": "By Akaike's criterion for small samples (AICc): up to 7 above the best is not separable from it. p that it fits: how often a sample of as many from the best law lies as far from it (Anderson-Darling, 1,000 samples); at most 5 % speaks against it.",
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
    "recovery_time": {
        "recovery time": "From the disruption to the service running again at its minimum capacity; attempts for one disruption are one recovery.",
        "failed, aborted, running": "A failed recovery is never restored and counts as a failure. An aborted or running one has lasted at least so long; it is a failure if already past the objective, else not evaluable.",
        "data restores": "Tool logs without a disruption measure only the restore of data: never a success by themselves, a failure if that part alone exceeds the objective.",
        "chance to meet it": "Successes over evaluable recoveries, with the exact (Clopper-Pearson) interval; the proven chance is its one-sided lower bound.",
        "more successes needed": "How many more in a row carry the proven chance over the required one.",
        "last proof": "The newest successful end-to-end recovery or drill; older than the catalogue's limit (365 days unless stated) it no longer counts.",
    },
    "restore_size": {
        "size restored": "As the recovery states it. What is restored from a backup that builds on others is taken as at least the largest of its chain; where no backup of the data states its size, what a full backup takes on storage stands for it, on both sides (marked).",
        "restore of the data": "From when work began until data was back. Failed ones say nothing of the time and are counted apart; what was called off or still runs has lasted at least so long. Evidence of any age counts.",
        "exponent": "The median grows with the size to this power (0: not at all, 1: in proportion): a censored lognormal law, fitted to 5 restores or more of different sizes, with the interval of linear regression.",
        "next restore": "Between which the next one falls at today's size (95 %): what is not known of the law and how restores differ together. Without censoring it is the prediction interval of linear regression, exact if the law is lognormal; with it see docs/calibration_restore_size.md. Not given beyond twice the largest size restored or below half the smallest.",
        "left of the RTO": "The tightest RTO of the services that have the data, less the median of what their recoveries took besides restoring it.",
        "growth": "Drift of the logarithm of size per year, from 12 means of as many days each, with the interval of a random walk: what was added stays. From 12 sizes over 28 days on.",
        "past the RTO": "When growth carries the median restore past what is left of the RTO, with the range in which 95 % of what is not known (law, growth, wandering) puts it. No date where it is not established that the data grows and that larger data takes longer, and none further ahead than the history of sizes is long or than twice the largest size restored.",
        "throughput": "Size over the time to restore the data, in 10⁶ bytes a second: quantiles of the seconds a megabyte takes (Kaplan-Meier), upside down. Median from 5 restores that ended, P10 and P90 from 10.",
    },
    "recovery_chain": {
        "if everything were lost": "The disaster is noticed and declared once; then everything a service needs comes back before it, and what does not wait for each other at the same time, with hands enough for all. Its total is the longest path, simulated step by step.",
        "step": "From the begin of work on a service until it is back, from its own drills and recoveries not too old to count. Steps are taken as independent of each other. Where two services have the same data, restoring it is part of the step of each.",
        "until work begins": "From the disruption (or declaration, by the clock of the service's RTO) until work begins, from all recoveries together.",
        "failed and called-off steps": "A failed one never comes back. One called off or still running gives its weight to those that took longer; where none did, it is not known to end.",
        "interval of a chain": "Weights of the recoveries at random (Bayesian bootstrap), with one more recovery that took no time at all for one limit and one that never ended for the other: for a single step Clopper and Pearson's limits of the chance, and order statistics' of a quantile. Cautious where steps are many. Few drills give no upper limit.",
        "unknown step": "A service never recovered counts with 0 h, one of which only data was restored with that: times are then at least, and chances at most, what is printed, without a limit on the other side.",
        "criticality": "Share of the simulated recoveries in which a step is on the longest path, so that the service waits for it.",
        "halving a step": "What the median would lose if every recovery of that step took half its time, with the same draws.",
    },
    "readiness": {
        "check": "A continuity guideline the platform sets itself, held against everything the logs show. It passes, fails, is unknown (what it needs was not seen, or too long ago), or does not apply (with the catalogue's reason). The worst part of a service decides. There is no score: a sum of unlike checks has no meaning.",
        "replicas, nodes, zones, autoscaling, disruption budget": "By the newest state of every workload of the service, if it was seen within 30 days unless the catalogue says otherwise.",
        "pipeline green, recent": "The last deployment of every component that was deployed within the limit (90 days) was completed and not rolled back; the last completed one is not older.",
        "not on record": "Something fails for its age, or for never having been done, only if such things were recorded for as long as the limit without it; else it is unknown.",
        "backups consistent": "The newest one is whole (no broken chain, not partial, no failed check) and its log states that it holds the data of one moment: the end of an oplog, of write-ahead logs or of the backup, or a snapshot. When a job began says nothing of it.",
        "backups off-site": "A usable copy lies at a place that the catalogue states to be far from the primary; no log tells where the primary is.",
        "backups proven": "A restore (drilled or real) that completed, or a full read that passed, is not older than the service's evidence may be; a check that failed since then fails it.",
        "drill done, findings closed": "The last end-to-end drill brought the service back and is not too old; nothing found by drills and recoveries is open, unless the catalogue states a day on which it was closed.",
        "reconnected by itself": "After something it needs came back from an outage that it shared, the service was back within the limit (15 minutes), every time. Whether a person helped is recorded nowhere: soon stands for by itself.",
    },
    "estimates": {
        "estimated": "What an objective would be kept to if everything went as configured: no measurement. It stands beside what was achieved, and never takes its place.",
        "estimated availability": "Of k of n equal replicas that fail and are repaired independently, by the failures of single replicas in a year; from 10 of them on. A common cause makes it too high.",
        "estimated data at risk": "Median distance of the backups begun in the period, and median run time: the largest exposure if no run failed. Of the asset with the largest. None where logs are shipped while they grow.",
        "estimated recovery time": "Median of the end-to-end drills that are not too old.",
        "reckoned by a tool": "What AWS Resilience Hub reckons from configuration for one kind of loss, by its newest assessment; of several components the worst. Without limit: it reckons with no recovery.",
        "disagree": "Two of estimated, expected and achieved differ in whether they meet the target, or by more than a quarter (unless stated otherwise) of what the target allows: its duration, or the unavailability it leaves.",
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
