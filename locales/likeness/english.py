"""English words that say the same; as in `arabic`."""

from __future__ import annotations

KINDS = """
how: how way ways steps step method procedure conditions requirements
why: why reason reasons cause
where: where
when: when date
howmuch: much many cost costs prices number
who: who whom whose responsible
what: what
can: can may could legal law allowed possible entitled must right rights against able
which: which best better recommend good
"""

COMMON = """
a an the of to in on at for from with by as is are am was were be been being it its this that
these those there here i me my mine we us our ours you your yours they them their he him his she
her someone somebody anyone one ones and or if but so not no yes than then also too very just
only about into over under after before during between because do does did doing have has had
having will would shall should don doesn isn aren t s m re ve ll any some all each every such
same other get gets got give gives given make makes made need needs want wants know like become
becomes take takes took iraq iraqi iraqis please question now next coming new what tell ask
place without out up
"""

SAME = """
complain: complaint complaints report reporting reported
compensation: compensate compensates compensated
pay: paid payment pays owes
fire: dismiss dismissed dismissal fired sacked
protect: secure prevent protection prevention avoid
recover: back restore regain
recognise: tell check detect distinguish signs real symptoms
register: sign registration join joining registered
found: form establish set create start
fund: funding finance grant grants
close: closed shut
vaccinate: vaccine vaccinated vaccination shot vaccines
watch: see view
record: recording recorded
hack: hacked hackers hacker stolen
prison: punishment penalty jail years
stop: end
inspect: inspects inspection controls monitor
recycle: recycling recycles
irrigate: irrigation
interpret: interpretation interpreted translation translated translate
control: controls
buy: bought
refuse: refuses refused
wage: salary salaries wages
employer: company companies boss firm
worker: employee employees staff workers
work: job jobs labour labor
medicine: drug drugs medicines medication
fake: counterfeit false forged deepfake
real: original
child: children kid kids baby babies
woman: women female wife
doctor: physician doctors
negligence: mistake
house: home homes houses
vote: voting voter voters election elections elect polling
observer: observers
candidate: candidates stand run
rumour: rumours news
party: parties
demonstrate: demonstration protest protests demonstrator protester
arrest: detain detained arrested
rubbish: waste trash garbage litter
burn: burned burning
harm: dangerous danger harmful damage effects safe safety
injured: injury hurt fell accident
organisation: ngo ngos organisations organization civil society
union: unions
webinar: session meeting
later: afterwards
certificate: certificates
picture: photo photos pictures image images
blackmail: blackmailed blackmailer threatens threaten extort
lost: lose replace
document: papers card documents id identity
phishing: suspicious
link: links
clicked: opening
dry: drying drought dried
free: charge
confidential: confidentially secret privacy private
permit: permission authorities authorisation
hospital: clinic hospitals centre centres surgery
farmer: farmers
illness: disease sick
least: minimum lowest
electricity: power
outage: cuts outages shutdown shutdowns blackout
generator: generators
solar: panels
school: schools
pupil: pupils student students
teacher: teachers
leave: dropped drop dropout quit
disabled: disability disabilities handicapped
beat: beats beating hit hits
rent: rents
raise: doubled increase increases raised
landlord: owner owners
evict: throw eviction
demolish: demolition demolished
journalist: journalists reporter reporters press
source: sources
addict: addicted addicts addiction
treat: treated treatment
scholarship: scholarships
abroad: european overseas outside
study: studies university universities
lawyer: lawyers attorney
court: courts judge
divorce: divorced ex
custody: guardianship
alimony: support
volunteer: volunteers volunteering
donate: donation donations
corruption: bribe bribes
prosecute: prosecuted prosecution
drug: drugs
use: using
internet: online
"""
