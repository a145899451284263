"""What every printed number means, in the words that pages, decks and GLOSSARY.md share."""

from collections.abc import Sequence

from continuity_analysis.figures.display_tables import DisplayTable
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
    "scenarios": {
        "simulated year": "8760 agreed hours that begin with every service up; unplanned causes only. Failures come as a Poisson process and none while the service is down; down times (in hours of full outage) and recoveries are lognormal. Each year takes all its parameters from one draw of what the observations leave open.",
        "same luck": "A scenario changes only what it says: the failures that stay begin at the same moment and meet the same chances. A rate that falls keeps some of today's failures, one that rises adds to them.",
        "change": "The year under the scenario less the same year today; the mean with its Monte Carlo error (of the simulation alone), and the range of 95 % of years.",
        "usual year, bad year": "Half of the simulated years are worse than a usual one, one in twenty worse than a bad one.",
        "spread from all services": "From 10 failures of known length a service has a law of its own. Below that it keeps its own rate and mean logarithm, and takes the spread of all services about theirs, as if all spread alike. No failure, or plainly not lognormal: no answer.",
        "shared causes": "Failures of several services that began within 15 minutes of one another come from one event; how often such events come, and which share of a service's failures they are, is taken from these.",
        "needed a backup": "Share of failures in which a real recovery from backup was under way, pooled over services, unless it is stated. Only these lose data: the age of the recovery point at a random moment of the period's exposure. An attempt that fails is made again and takes as long.",
        "backups more often": "What a stretch without a new backup was longer than usual is taken as time in which backups did not work, and stays; only the usual time is shortened. Backups more seldom stretch everything.",
        "several zones": "Down when so many zones are that fewer than required are left, or by a cause that hits all of them: its share is stated, no log can say it. Until another zone takes over, a failure of the first one counts.",
        "chance to keep RPO and RTO": "In years in which a backup has to be restored: the share in which every recovery kept to it. Not given below 100 such years. Restore and MTPD have no chance: down times are simulated in hours of full outage, which says nothing of how long a partial one lasts.",
        "forecast of few failures": "In its family the central 90 % of simulated years hold the next one about as often as they say, with parameters taken as known far less often (docs/calibration_scenarios.md). Other laws of down times, trends and causes not seen yet are not foreseen.",
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
        "law": "Exponential, Weibull, lognormal and log-logistic by maximum likelihood, from ten that ended on; zeros and ties known only within the resolution of the timestamps, open ones right-censored. Intervals by profile likelihood with Bartlett's correction (docs/calibration_lifetimes.md). Those of the best law's quantiles span the intervals of all laws that cannot be told from it. Location: the characteristic life of a Weibull, the mean of an exponential, the median of the others. Shape: of a lognormal the standard deviation of the logarithms, else the exponent.",
        "best, not separable, worse": "By Akaike's criterion for small samples (AICc): up to 7 above the best is not separable from it. p that it fits: how often a sample of as many from the best law lies as far from it (Anderson-Darling, 1,000 samples); at most 5 % speaks against it, and no law's quantiles are given.",
        "within the objective": "Share restored in time by the Kaplan-Meier curve, with its interval.",
        "longer, shorter": "One test, stated beforehand: the log-rank test by shuffling who belongs to which period, within severities, two-sided at 5 %, adjusted for how many groups are asked about (Benjamini-Hochberg). Ratios of medians are description, not the test. How often it is wrong where nothing changed, and what it sees: docs/calibration_comparisons.md.",
        "smallest change seen": "The ratio of durations that as many incidents as these, drawn from the same history, would show 8 times in 10.",
        "MTTR by itself": "All restored incidents on record, drawn anew for two periods of equal size: how often and how far their means differ though nothing changed (Davidovič 2021).",
    },
    "explorer": {
        "from, to": "The two moments between which an incident's time is taken. The curve, its table and the incidents behind it use the same two; from start to restoration they are those of time to restore.",
        "n": "Incidents of the group that count, each once in a group, those included that had not yet reached the end chosen. In all services, or the services chosen, an incident of several services counts once.",
        "not yet": "Had not reached the end chosen when last seen: taken as having lasted at least so long (right-censored).",
        "do not count": "Have no duration that may stand beside the others; the list of incidents says why of each, in the words of the column Counts.",
        "longest that ended": "Of those that reached the end chosen; one that has not yet may last longer.",
        "incidents chosen": "What counts as evidence is settled on all incidents, then some are chosen. Their estimates have no verdict: an objective is on all incidents of a service.",
    },
    "pooling": {
        "its own": "The median of the lognormal law fitted to the service's own incidents, open ones censored, those that last less than timestamps can tell known between two limits; interval by profile likelihood. A single incident has no interval.",
        "pooled": "The logarithms of durations deviate by sigma within a service, the same for all, and the services' means by tau about that of a typical one (random-effects lognormal model). A service's median is drawn towards the typical one, the more the fewer incidents it has; the interval contains what is not known of the typical service, tau and sigma (flat in tau², Morris 1983). From 5 services with an ended incident, and 5 ended incidents beyond the first of each. Where services hardly differ the interval is too long, never too short (docs/calibration_pooling.md).",
        "its own share": "How much of the pooled median comes from the service's own incidents: tau² / (tau² + sigma² / n) where none is open, averaged over what is not known of tau and sigma.",
        "typical service": "One in the middle of what services are like: its median, with interval.",
        "differences between services": "tau² / (tau² + sigma²), the share of the variance of logarithms that lies between services; restricted maximum likelihood (REML), interval by its profile.",
        "by chance alone": "Where 95 % and 99.8 % of medians of services with so many incidents would lie if all had one law (Spiegelhalter 2005; Student's t with sigma within services). The dotted lines: where 95 % would lie if services differ by tau.",
        "stands out": "Longer or shorter than one law common to all: two-sided p of that distance, adjusted for the number of services (Benjamini-Hochberg), at most 5 %. It says that a service differs, not that it does badly.",
    },
    "recovery_point": {
        "recovery point": "The moment whose data a backup holds. Where the log does not say, the start of the run, marked assumed.",
        "exposure": "At each moment the age of the newest recovery point that was usable then: finished, not yet expired or removed, its whole chain usable. It rises with slope 1, so just before a new backup is usable it reaches interval plus run time.",
        "unprotected": "No usable backup at all. The worst exposure is then without limit.",
        "service exposure": "At each moment the worst of its assets.",
        "tier exposure": "At each moment the worst of the tier's services that have or need backups and were in service. The tier promises what all of these promise alike, else nothing. Services without a tier are in none.",
        "P50, P95, worst": "Exact quantiles over all watched moments of the period; no sampling.",
        "judged against": "Corruption or attack: backups and logs only, as replicas copy the damage. Only where a service's objective says `against: loss of primary` do replicas count as well, and then in every number of its row.",
        "mean": "Of the exposure over all watched moments that had a usable backup; unprotected ones have a share of their own.",
        "time over it": "Share of the watched moments at which more than the objective would have been lost, unprotected ones included.",
        "unknown hours": "Time of the period of which no export in hand tells what backups there were. It is in no quantile, mean or share.",
        "backups": "Those usable at some moment of the period; log chunks are not counted.",
        "exactness": "exact; lower bound where only the end of a run is known; unknown where run times had to be assumed. A single listing shows survivors only: it may prove an objective met, never breached.",
    },
    "recovery_point_views": {
        "proven": "Counting only backups that a completed restore (real or rehearsed) or a full read has proven, each from the moment of that proof. A restore proves what the backup builds on as well; a checksum proves nothing, and what no log in hand shows does not count. Before the first proof of an asset nothing is known.",
        "off-site": "Counting only copies at locations that the catalogue says are elsewhere (off_site); what they build on must be there too. A location that it does not name is not off-site; without any statement nothing is known.",
        "loss of the primary": "All backups, and what each replica held by its last known lag. A sample counts until the next one, at most twice the typical gap between samples; then nothing is known. Never merged with corruption or attack, which spread to replicas and which objectives are judged by unless one says `against: loss of primary`.",
        "a range": "What went between two listings counts until the last that shows it, which gives the worse end, and until the first that lacks it, which gives the better one.",
        "at incidents": "The age of the newest recovery point when an unplanned incident began. Its position is the share of the period with less at risk: evenly spread between 0 and 100 % if incidents begin without regard to backups.",
        "worse than chance": "One-sided, at 5 %: as many evenly spread positions would have so high a sum too rarely (Irwin-Hall, exact), adjusted for how many services are asked about (Benjamini-Hochberg); all services together are one question. Not tested below 5 incidents. It supposes that incidents began independently of each other; a cascade makes it look too sure.",
        "point gone when noticed": "When the incident was detected (else acknowledged), no point from before its start was as near to it as when it began: removed, expired, or its chain broken. Not counted where listings leave it open.",
        "how far back": "Retention depth: the age of the oldest usable backup, of a service's assets the least. Logs reach forward from a backup and do not count. For 95 % of the time, and the median, over all watched moments; a moment without a backup counts as 0.",
        "found after so many days": "Share of watched time with a depth of at least so many days: the chance that a backup from before an intrusion is still there when it is found at a random moment. Whether that backup is clean is another question.",
        "lost": "From the moment a completed recovery or drill went back to, until the disruption. Beside it the age of the newest point on record at that moment.",
        "no listing shows it": "More than a minute beyond the newest point that any backup or log on record could have given when the recovery began: a gap in the record, or a moment written down wrongly. Not on record: the backup named is in no listing.",
    },
    "backup_health": {
        "backup job": "What one product saves of one asset, by one method, to one location. Continuous logs (WAL, oplog) are no runs. Where the catalogue states a schedule but no method, all methods of an asset at a location are one job.",
        "schedule, stated or learned": "The catalogue's (`backups`); else learned from the runs of the period, but at least of the 91 days before its end, else of all before it: clock times of days of the week, by the clock (catalogue's zones, UTC) by which runs begin nearest to them, or an interval from run to run. None below 8 runs, or where runs at due times and due times with a run are not, both together, about seven in ten. Days of the week are told apart from 4 weeks on (before, a job must have run on all of them), times of the day from 4 days on.",
        "explained, held": "Of a learned schedule: the share of runs that were the one of a due time (begun up to a twentieth of the interval before it or a tenth after), and the share of due times that had one.",
        "due time": "A run counts for the last due time before it, or for the next where less than a tenth of the interval is left. Of several the one begun nearest is the due run, the others are extra. It counts only where every run about then would have been seen: in a history of runs, or between complete listings that lie closer than any backup was kept. Of a learned schedule, one at which another method made a usable backup of the same asset at the same location is none.",
        "served": "A due time with a usable backup: completed, not found broken (partial only where the service accepts it). Shares have the exact (Clopper-Pearson) interval, as if runs failed independently; failures that come together make the truth less certain.",
        "missed": "A due time at which no run was begun. Where only listings are known it may have failed and left nothing.",
        "late": "A due run begun later than stated (`within`), else than a tenth of the interval. Lateness is its begin less the due time; a learned due time is the early end of usual begins, so lateness is against custom.",
        "longest gap, unserved now": "The longest time between begins of usable backups of a job, the open one at the end included, while watched; due times in a row without a usable backup up to the end.",
        "runs that ended well": "Completed and not found broken, out of all that ended (failed, partial and failed verifications included, running ones not). Only of exports that show all runs: a listing shows survivors, so nothing is said.",
        "growth in 30 days": "The line through the median of pairwise slopes (Theil-Sen) of weekly medians of the logarithm, over the year up to the end, with its exact rank interval; from 8 weeks on, as if weeks were independent of each other. Grows or shrinks: the interval excludes none.",
        "no longer fits": "When that line reaches the shortest time between due times; Fieller's interval from the errors of its level and its slope. Only where run times surely grow, from 26 weeks with runs on, and no further ahead than the history reaches back.",
        "stay, kept, gone too early": "From the begin of a run to when it went: at least until it was last listed, at most until a complete listing lacked it (Kaplan-Meier of both for the median); where its planned expiry lies between, then. Kept: surely as long as promised (`keep`, else its planned expiry); gone too early: surely shorter, by more than a minute.",
    },
    "expected_recovery_point": {
        "backup cycle": "A backup that became usable, its run time, the time until the next run was due, and the runs after it that gave none. Only time in which it is proven that no run was overlooked counts; a single listing proves none.",
        "missed": "A run that failed, or was due and left no trace: where two runs lie k usual intervals apart, k - 1. The usual interval is the median; after runs of one hour of the week longer where in eight weeks or more hardly ever another came sooner.",
        "misses cluster": "So few unbroken strings of misses, or fewer, come about at most once in 20 times where misses fall anywhere among the runs due (Wald and Wolfowitz). Then whole strings are resampled: something stops the backups for a time. Else each due run has the same chance of a miss.",
        "expected mean": "In the long run E[G²] / 2 E[G] plus the run time, G being the time from one usable backup to the next (Cox 1962); half the interval plus the run time where no run is missed. The 95 % interval joins the exact limits of the chance of a miss (Clopper-Pearson) with the bootstrap of whole cycles. Where misses are not marked as clustered it supposes that they come one by one (docs/calibration_exposure.md). Printed from 20 due runs on; of a service with several assets only the coming period is.",
        "coming P95, coming worst": "Medians of 1,000 simulated periods as long as the one reported, from the state at the end of the watched time, with what is not known of the cycles included; in brackets the 95 % prediction interval. Expiry is not simulated: where backups ran out in the history nothing is foreseen.",
        "coming, promised share": "The age kept to for the share of time promised (all of it where none is) in the coming period, drawn like the worst. What the scorecard expects of data at risk.",
        "chance to meet the RPO": "Share of the simulated periods within the target for the share of time promised. A promise never yet broken is not sure to be kept. Assets of one service are taken as independent. Below the chance required (90 % unless stated) what is met is at risk; a missing chance changes no verdict.",
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
    "recovery_evidence": {
        "slowest bounds": "What n recoveries that came back prove about the rest of those that come back, whatever their law: with 95 % confidence at least the share 0.05^(1/n) takes no longer than the slowest of them (Wilks): P54 from 5, P74 from 10, P95 from 59. One called off, or still running, may take longer and makes it less. How often recoveries come back at all is the chance beside it.",
        "median of recoveries": "Kaplan-Meier, failed ones longer than any. Its interval is exact, by order statistics, where none was called off or is running (from 6 on); else the band of the curve.",
        "both clocks": "From the disruption and from the declaration, each to the service; the catalogue's rto_clock says which is judged.",
        "minimum capacity": "The share of the service that counts as restored (MBCO), as the catalogue states it (minimum_capacity); recovery ends when it is reached. A disruption whose stated impact left the service at least so much is not held against the MTPD.",
        "longest disruption": "The longest single one by incidents and by real recoveries, in its whole length. A real recovery that failed or is running lasted at least until then, unless an incident tells how it went on. Drills are no disruptions; those that were not back within the MTPD are counted.",
        "phases": "Detect, declare, start, restore data, bring back, of recoveries and drills whose disruption is recorded. An aborted or running one had been in the phase that the last recorded moment begins (at least so long); one that failed has no length of the phase in which it failed. P90 from 10 on.",
        "share of the time": "Of the recoveries that came back, hours in the phase over all hours; interval by the jackknife, from 10. Where some were split into all phases, of those only.",
        "share of the differences": "Covariance of the phase with the whole, over the variance of the whole: how much longer the phase is where recoveries are an hour longer. Shares add up to 1; one may be negative. From 10 on; the few longest recoveries decide it (docs/calibration_recovery.md).",
        "re-drawn": "The median of whole recoveries, each phase drawn from its own law, independently of the others, and added up: uses attempts that were called off or failed later. From 3 of each phase, interval (bootstrap) from 10. Only of recoveries that come back. No P90: where phases are long together it would be too short (docs/calibration_recovery.md).",
        "fitted law": "Exponential, Weibull, lognormal or log-logistic by maximum likelihood, of the recoveries that came back (from 10); one that failed has no duration, and the share that came back stands beside it. Best by AICc; not separable below a difference of 7. Intervals of its quantiles span those of all laws not separable from it (docs/calibration_lifetimes.md). No quantile where even the best does not fit (Anderson-Darling at 5 %), none beyond the longest that came back.",
        "the same finding": "The same id at its beginning (OPS-12, #12), else the same words whatever their case and spaces. Nothing is guessed from similar words.",
        "open, fixed, not found again": "Open: found in the newest recovery of the service that recorded findings. Fixed: a line says so (fixed: …) and it was not found since. Not found again: later ones recorded others. A recovery that recorded none closes none.",
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
        "estimated data at risk": "The largest exposure if no run failed: the longest time between two due times about the period, by the schedules of backup health (stated or learned), and how long the period's backups took from the moment they hold until they were usable (median; of several methods the longest). Of several locations the one that loses least, of several assets the one that loses most. None where no schedule is known, or logs are shipped while they grow.",
        "estimated recovery time": "Median of the end-to-end drills that are not too old.",
        "reckoned by a tool": "What AWS Resilience Hub reckons from configuration for one kind of loss, by its newest assessment; of several components the worst. Without limit: it reckons with no recovery.",
        "disagree": "Two of estimated, expected and achieved differ in whether they meet the target, or one lies outside the 95 % interval of what is expected (what was achieved: that of a period as long). Where nothing is expected with an interval, they differ by more than a quarter (unless stated otherwise) of what the target allows, its duration or the unavailability it leaves: a convention, no test.",
    },
    "fleet": {
        "worst first": "Services by how many of their objectives are breached, then at risk, then without enough evidence. Beside a verdict stands its symbol, so that colour alone says nothing.",
        "moved by": "The difference between two periods as a share of what the objective allows: of 1 minus the target for ratios, of the target for durations. It says how large a move is for that promise, not whether it is more than noise; only time to restore is tested, with the number of services allowed for.",
        "the others": "The band from the lowest to the highest of the services that have no panel of their own, window by window; the line is 1 minus all their down time over all their watched time.",
    },
    "scorecard": {
        "achieved": "In the target's own unit. For time to restore: by when the promised share was restored. For data at risk: the exposure at the promised share of time. For recovery time: the slowest evaluable recovery.",
        "expected": "What the process would do again, with its interval; printed only where a model can defend it. Of availability in the long run; of data at risk in a coming period as long, with its 95 % prediction interval.",
        "previous period": "The same number for the period before; a difference is stated, never called a change without a test.",
    },
    "composites": {
        "services together": "All services, those of a tier, or a service with everything it needs, directly or through others. They have no promise of their own: the verdict is the worst of their services' (breached, at risk, not enough evidence, met). It changes no service's own verdict.",
        "achieved together": "Availability: the share of the time known of all of them in which all were up at once, from the union of their real down times, weighted by impact. Of any other objective the worst of the services that promised it.",
        "needs up, as promised, as achieved": "The product of the availabilities of all a service needs, each counted once: what they are up at once if they fail independently (Trivedi 2002). As promised: each exactly at its objective. As achieved: each as in the period.",
        "can it be reached?": "To its users a service is down when anything it needs is. Yes: its objective is below that product. Only if failures coincide: it is not (equal to it the service may never fail by itself), but not above the least available of what it needs. No: it is above even that. Unknown: something it needs has no promise.",
        "by itself it must be up": "Objective over that product: what is left to the service itself, if failures are independent.",
    },
    "review": {
        "hours down and allowed": "Hours down in the time that was watched; allowed are (1 - objective) of the agreed hours that were watched.",
        "time over the objective": "Share of the watched time in which the age of the newest usable recovery point was longer than the objective, time without any usable one apart.",
        "risk": "What may break a promise next: no usable backup at some moment, a verdict at risk, a last proof of recovery that will be too old before the next period is over, or an objective that cannot be judged. What is broken already is an action.",
        "action": "What is broken or open at the end of the period: a breached objective, a finding of drills that is open, a check of readiness that failed. Since: the begin of the period (of the one before if that missed the target too), the first time it was found, the oldest moment the check rests on.",
    },
    "verdict_history": {
        "history of verdicts": "What each report from a store said of each objective, kept in the store as it was said. Nothing changes it later: neither other objectives, nor another catalogue, another version of the program, or logs that came late. What they change is judged anew and stands beside it.",
        "said at": "The moment by the clock at which the report opened the store: it saw what had been ingested by then. What was not yet said, or spoke of later than the report in hand, is left out.",
        "newest word": "Of several reports of one period the last one; where an earlier one said otherwise, it is marked as revised, with what is known to be other: target, services.yaml, version of the program, the moment it speaks of, else what the logs say.",
        "was": "The verdict of the period before in which there was one. Breached and then met may be chance: no test is made of verdicts.",
        "periods side by side": "Those about as long as the one in hand (within 15 %), twelve at most.",
        "kept in every period": "Met wherever there is a verdict; periods without one, such as before a service had the objective, do not count.",
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


def terms_table(**terms: Sequence[str]) -> DisplayTable:
    """Some terms only, for a slide.

    Parameters
    ----------
    **terms : sequence of str
        Terms of each question, such as ``restoration=["time to restore", "still open"]``; in the order given.
    """
    rows = [(term, DEFINITIONS[question][term]) for question, chosen in terms.items() for term in chosen]
    return DisplayTable(
        caption="",
        columns=("Term", "What it means here"),
        rows=tuple((f"{term[0].upper()}{term[1:]}", text) for term, text in rows),
        values=tuple((None, None) for _ in rows),
    )


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
