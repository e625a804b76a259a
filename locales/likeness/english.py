"""English words that say the same; as in `arabic`."""

from __future__ import annotations

KINDS = """
how: how way ways steps step method procedure
why: why reason reasons cause causes causing
where: where place which_office
when: when date
howmuch: much many cost costs price prices number
who: who whom whose responsible controls
what: what
do: do doing
can: can may could legal law allowed possible entitled must right rights against able
which: which best better recommend good
"""

COMMON = """
a an the of to in on at for from with by as is are am was were be been being it its this that these those there
here i me my mine we us our ours you your they them their he she his her someone somebody anyone one ones and or
if but so not no yes than then also too very just only about into over under after before during between because
have has had having will would shall should does did don doesn isn aren t s m re ve ll any some all each every
such same other get gets got give gives given make makes made need needs want wants know like become becomes
take takes took iraq iraqi iraqis please question now next
"""

SAME = """
wage: salary salaries pay paid payment wages pays owes
employer: company companies boss firm
worker: employee employees staff workers
work: job jobs labour labor
fire: dismiss dismissed dismissal fired sacked terminate
complain: complaint complaints report reporting reported
medicine: drug drugs medicines medication
fake: counterfeit false forged
child: children kid kids baby babies
woman: women female wife
doctor: physician doctors
house: home homes houses
vote: voting voter voters election elections elect
candidate: candidates stand
demonstrate: demonstration protest protests demonstrator protester
arrest: detain detained arrested
rubbish: waste trash garbage litter
harm: dangerous danger harmful damage hurt injured injury
protect: secure prevent protection safe safety
organisation: ngo ngos organisations organization civil society
fund: funding money grant grants finance
webinar: session meeting
record: recording recorded
watch: see view
later: afterwards
certificate: certificates
hack: hacked hackers hacker stolen took
picture: photo photos pictures image images
blackmail: blackmailed blackmailer threatens threaten extort
prison: punishment penalty jail years
lost: lose replace
document: papers card documents id identity
register: sign registration join registered
dry: drying drought dried
free: charge
private: confidential confidentially secret privacy
found: form establish set create
permit: permission authorities authorisation
hospital: clinic hospitals centre centres
farmer: farmers
illness: disease sick
lowest: minimum least
"""
