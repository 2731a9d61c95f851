"""What people tell of a thing, composed of clauses: sentences for `json_answers`, with the fields that they fill.

A paragraph of the table is a domain. Its head has its name, `who` or `which`, and how it is spoken of without its
name; the line after `*` names it; after `>` stand openings for a mere noun phrase; `@` takes aspects of `COMMON`.
The other lines are aspects: the key with its other names, the kind of value (a name of `training.values`, `a/b` an
enum, `?` a boolean, `3..9` a whole number, `0.5..9` another one, a template after `"`), and then forms: a predicate, a
phrase after `&` that follows the noun, one after `+` that needs commas, one after `.` that stands alone in a list, a
sentence after `=`. A boolean's forms say yes and no.
"""

# ruff: noqa: E501  # one aspect is one line

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from training.grammar import capital, expand
from training.values import Kind, article_of, is_plural, kind_of, tidied

COMMON = """
price|cost|costs|amount|price_eur|unit_price: price ; costs MONEY ; {is sold|is offered|is on offer} for MONEY ; {goes|sells} for MONEY ; is priced at MONEY ; &for MONEY ; +at MONEY ; .MONEY ; =The price is MONEY ; ={You pay|One pays|We ask for} MONEY
fee=price|fee|cost|entry|ticket_price|admission: price ; costs MONEY ; has {a fee|an entry fee} of MONEY ; &for MONEY ; .MONEY ; ={Tickets|Entry} {cost|costs} MONEY ; =You pay MONEY
color|colour|paint: colour ; is <v> ; comes in <v> ; {looks|was painted} <v> ; &in <v> ; +<v> ; .<v> ; =The colour is <v>
city|location|place|town|where: city ; is in <v> ; {can be found|is located|is to be found} in <v> ; &in <v> ; +<v> ; .<v> ; ={You find it|Find it} in <v> ; =The place is <v>
home=city|home|lives_in|residence|hometown|location: city ; lives in <v> ; {comes from|is from} <v> ; is at home in <v> ; {moved|has moved} to <v> ; &from <v> ; +living in <v> ; .from <v>
date|day|event_date: day ; {takes place|is} on <v> ; {happens|is planned for|is set for} <v> ; &on <v> ; .<v> ; =The {date|day} is <v> ; =We {meet|start} on <v>
time|start_time|starts_at|start|hour: time ; {starts|begins} at <v> ; is at <v> ; &at <v> ; .<v> ; =It {begins|starts} at <v> ; =The doors open at <v> ; =Be there at <v>
end|end_time|ends_at|until|finish: time ; {ends|is over|finishes} at <v> ; {goes on|lasts} until <v> ; &until <v> ; .until <v> ; =The end is at <v>
duration|minutes|length|duration_minutes|duration_min: 5..240 ; {takes|lasts|goes on for} <v> {minutes|min} ; is <v> minutes{ long|} ; runs for <v> minutes ; &of <v> minutes ; +<v> minutes long ; .<v> {min|minutes}
phone|telephone|phone_number|mobile|tel: phone ; {can be reached|answers the phone} at <v> ; has the number <v> ; +phone <v> ; .phone <v> ; ={Call|Phone|The number to call is} <v>
email|mail|email_address|e_mail|contact_email: email ; {can be reached|gets mail} at <v> ; has the address <v> ; +email <v> ; .<v> ; ={Write to|Mail goes to|The email address is} <v>
rating|stars|score|points: 1..5 ; {got|has|gets|received|earned} <v> {stars|out of 5 stars} ; {is|was} rated <v> {of|out of} 5 ; &with <v> stars ; +rated <v> stars ; .<v> stars ; =We {give|gave} it <v> stars ; =<v> {points|stars} from {us|me}
weight|weight_kg|kg|mass|kilos: 0.5..40 ; weighs <v> {kg|kilos|kilograms} ; has a weight of <v> kg ; +<v> kg heavy ; &of <v> kg ; .<v> {kg|kilos}
year|built|year_built|made_in|from_year: 1950..2026 ; was {made|built} in <v> ; {is|dates} from <v> ; &from <v> ; +{made|built} in <v> ; .{built|made in} <v>
published=year|published|release_year|released|came_out: 1950..2026 ; {appeared|came out|was released} in <v> ; is from <v> ; &from <v> ; +released in <v> ; .<v> ; =The year is <v>
language|lang|spoken|in_language: language ; is in <v> ; &in <v> ; +in <v> ; .in <v> ; =The language is <v>
country|nation|land|country_of_origin: country ; {comes|is} from <v> ; &from <v> ; +from <v> ; .<v> ; =The country is <v>
company|employer|firm|works_for|workplace: company ; works {for|at} <v> ; &of <v> ; +with <v> ; =The employer is <v>
notes|note|comment|message|remark: text ; has the {note|comment} "<v>" ; {comes|is marked} with the note "<v>" ; ={Note|Comment|A note says}: "<v>" ; =Somebody {wrote|added}: "<v>"
brand|make|manufacturer|maker|producer: "{Acme|Orbis|Velto|Nordan|Kestra|Zenko|Halden|Brio|[Word]}" ; {is|was made} by <v> ; {is|comes} from the maker <v> ; &by <v> ; &from <v> ; .<v> ; =The brand is <v>
deposit|down_payment|security|advance: 50..3000 ; {needs|requires} a deposit of MONEY ; &with a deposit of MONEY ; .deposit MONEY ; =The deposit is MONEY
website|url|link|web|homepage: "{https://|www.|}[word1].{com|org|net|io}{|/[word1]}" ; is online at <v> ; has the website <v> ; .<v> ; ={More at|See|Details:} <v>
owner|belongs_to|holder|owned_by: full_name ; belongs to <v> ; is owned by <v> ; &of <v> ; +owned by <v> ; .owner <v> ; =The owner is <v>
manager|boss|responsible|contact|in_charge|lead: full_name ; is {led|run|managed} by <v> ; is in the hands of <v> ; &under <v> ; +led by <v> ; =<v> is in charge ; =Please ask <v>, the manager
""".strip()

TABLE = """
person who : my neighbour; our new colleague; a friend; the new member
  * name|full_name|person|who: full_name ; <v> ; {my friend|our colleague|my cousin|a man named|a woman called} <v>
  > {Meet|This is|Here is|I know|I met|Let me introduce|Please say hello to}
  @ home email phone company
  age|years|age_years|how_old: age ; is <v>{ years old|} ; {turned|turns} <v>{| this year} ; +aged <v> ; +<v> years old ; +<v> ; .<v>{ years| years old|}
  job|profession|occupation|work|role: job ; works as {a|an} <v> ; {is|became} {a|an} <v>{ by trade|} ; earns a living as {a|an} <v> ; +{a|an} <v> ; .<v>
  hobbies|interests|likes|pastimes|loves: hobbies ; {likes|loves|enjoys} <v> ; is {fond of|interested in|into} <v> ; +a fan of <v> ; .{likes|hobbies:} <v>
  languages|speaks|spoken_languages: languages ; speaks <v> ; {knows|is learning|is fluent in} <v> ; .speaks <v>
  married|is_married: ? ; is married ~ is {single|not married} ; +married ~ +unmarried ; .married ~ .single
  children|kids|num_children|number_of_children: 2..6 ; has <v> {kids|children} ; &with <v> children ; .<v> children
  birthday|birth_date|date_of_birth|born|dob: date ; was born on <v> ; {has a birthday|celebrates} on <v> ; +born on <v> ; .born <v>
  height|height_cm|cm|tall: 150..205 ; is <v> {cm|centimeters} tall ; measures <v> cm ; +<v> cm tall ; .<v> cm

patient who : the patient; a new patient; our patient
  * name|patient|patient_name|full_name: full_name ; <v> ; {the patient|our patient|patient} <v>
  > {New patient:|Patient:|We saw|Admitted:|Please see|In the waiting room:}
  @ phone
  age|years|patient_age: age ; is <v>{ years old|} ; +aged <v> ; +<v> years old ; .<v>{ years|}
  symptoms|complaints|problems: "list cough|fever|headache|back pain|nausea|itching|dizziness|sore throat|fatigue|toothache|insomnia|chest pain" ; {complains of|suffers from|reports|has} <v> ; &with <v> ; .<v>
  temperature|fever|temp|body_temperature: 36.1..40.9 ; has {a temperature|a fever} of <v>{ degrees|} ; &with <v> degrees ; .<v> degrees
  medicine|drug|medication|prescription|treatment: "{Ibuprofen|Aspirin|Penicillin|Paracetamol|Cortisone|Insulin|[Word]}" ; {takes|gets|was given|needs} <v> ; +on <v> ; .<v>
  dose|dose_mg|mg|amount_mg: 10..900 ; gets {a dose of |}<v> {mg|milligrams} ; .<v> mg ; =The dose is <v> mg
  smoker|smokes|is_smoker: ? ; smokes ~ does not smoke ; +a smoker ~ +a non-smoker ; .smoker ~ .non-smoker
  doctor|physician|seen_by: "Dr. [last]" ; {sees|was seen by|was treated by} <v> ; +in the care of <v> ; =The doctor is <v>
  room|ward|bed: 1..480 ; {is|lies} in room <v> ; &in room <v> ; .room <v> ; =The room is <v>

student who : the student; a new pupil; this student
  * name|student|student_name|full_name: full_name ; <v> ; {the student|student|our pupil} <v>
  > {New student:|Enrolled:|Meet|Here is|On the list:}
  @ email home
  subject|major|field|studies|course: "{math|biology|history|law|physics|music|chemistry|medicine|philosophy|economics|geography|computer science|art|linguistics}" ; studies <v> ; {takes|is good at|has exams in} <v> ; &of <v> ; .<v>
  grade|mark|result|score|points: 1..100 ; {got|has|reached|scored} <v> points ; &with <v> points ; .<v> points ; =The result is <v> points
  semester|term|current_semester: 1..12 ; is in semester <v> ; +semester <v> ; .semester <v>
  school|university|college: "{University of [city]|[city] College|[Word] Academy|[last] High School}" ; {goes to|attends|studies at|is enrolled at} <v> ; &at <v> ; +of <v> ; .<v>
  passed|has_passed|pass: ? ; passed{| the exam} ~ {failed|did not pass}{| the exam} ; .passed ~ .failed
  teacher|tutor|professor|supervisor: full_name ; is taught by <v> ; has <v> as teacher ; =The teacher is <v> ; +a pupil of <v>

order which : the order; this order; my order; a new order
  * order_id|order|order_number|number|id: code ; {order|the order|order number} <v>
  > {Received:|New:|We got|Please check|About}
  customer|buyer|client|name|ordered_by|customer_name: full_name ; {comes|is} from <v> ; was {placed|made|sent} by <v> ; &from <v> ; &by <v> ; .<v> ; =<v> {placed it|ordered|is the buyer|is the customer}
  product|item|article|what|product_name: "PRODUCT" ; is for {a|the} <v> ; contains {a|the} <v> ; &for {a|the} <v> ; .<v> ; =The product is {a|the} <v>
  quantity|amount|count|number_of_items|qty|pieces: 2..99 ; {is for|has|contains|consists of} <v> {pieces|items|units} ; &of <v> {pieces|units} ; .<v> {x|pieces|pcs}
  total|price|sum|total_price|amount: price ; {comes to|costs|is worth|totals} MONEY ; &over MONEY ; &for MONEY ; .MONEY ; =The {total|sum} is MONEY ; =MONEY altogether
  status|state|order_status: pending/shipped/delivered/cancelled/returned ; {is|was} <v>{| already} ; +<v> ; .<v> ; =The status is <v>
  date|order_date|ordered_on|day: day ; {came in|was placed|arrived} on <v> ; &of <v> ; +placed on <v> ; .<v> ; =The order date is <v>
  payment|pay_by|payment_method|paid_with: "{credit card|cash|bank transfer|invoice|PayPal|gift card|debit card}" ; {was|is} paid by <v> ; +paid by <v> ; .{by |}<v> ; =The payment is by <v>
  express|urgent|is_express|by_express: ? ; {goes|is sent} by express ~ {goes|is sent} by normal mail ; +by express ~ +by normal mail ; .express ~ .normal mail
  @ notes

event which : the event; this event; our next event
  * title|event|name|event_name|what: "{[Word] Festival|[city] Marathon|Night of [Word]|[Adj] Fair|Summer Party|Open Day|Book Fair|Flea Market|Charity Run|Science Night|Spring Ball|Wine Tasting|[Adj] Days}" ; {the|our} <v>
  > {Do not miss|Coming soon:|Save the date for|We invite you to|There is|Join us for|News:}
  @ date time end city fee website
  participants|guests|people|visitors|attendees|number_of_guests: 5..900 ; {expects|is for|has|has room for} <v> {guests|people|visitors|participants} ; &for <v> {people|guests} ; &with <v> {guests|visitors} ; .<v> {people|guests}
  organizer|host|organised_by|contact: full_name ; is {organized|hosted|run} by <v> ; &by <v> ; +hosted by <v> ; =<v> {organizes it|is the host|is the organizer}
  indoor|is_indoor|inside: ? ; {is|takes place} {indoors|inside} ~ {is|takes place} {outdoors|outside} ; +indoors ~ +outdoors ; .indoors ~ .outdoors
  speakers|speaker|talks_by: names ; has <v> as speakers ; has talks by <v> ; &with <v> ; =Speakers are <v>

meeting which : the meeting; our meeting; the call
  * title|topic|subject|meeting|about: "{[Adj] Budget|Roadmap|Hiring|Sales Review|Kickoff|Design Review|Retrospective|Quarterly Plan|[Word] Project|Team Lunch|Safety Briefing}" ; {the meeting|our meeting|a meeting|the call} about "<v>" ; "<v>"
  > {Please join|Reminder:|In the calendar:|We have|Scheduled:}
  @ date time end duration
  room|location|place|where: "{room [n]|Room [n]|hall [n]|building [n]|lounge [n]|[Word] Hall|[Word] Lounge}" ; is in <v> ; {takes place|was moved} in <v> ; &in <v> ; =We meet in <v>
  attendees|participants|people|who|invited: names ; is with <v> ; includes <v> ; &with <v> ; .with <v> ; =<v> {are invited|will be there|take part}
  organizer|host|chair|led_by: first_name ; is {led|chaired|organized} by <v> ; &by <v> ; +chaired by <v> ; =<v> {leads it|takes the chair}
  online|is_online|remote|virtual: ? ; is {online|a video call} ~ is {on site|in person} ; +online ~ +in person ; .online ~ .on site
  recurring|weekly|repeats: ? ; repeats every week ~ {happens|takes place} only once ; .weekly ~ .only once

concert which : the concert; the show; tonight's concert
  * artist|band|performer|musician|who: "{The [Adj] [Noun]s|[Adj] [Noun]|[full]|The [Word]s|DJ [Word]|[Word] Quartet}" ; {the concert|the show|a concert|the gig} {of|by} <v>
  > {Live:|Tickets for|On stage:|Do not miss|We go to}
  @ date time city fee duration
  venue|hall|location|stage: "{[Word] Hall|Arena [Word]|[Word] Opera House|[Word] Stadium|Jazz Cellar [Word]|City Theatre|Club [n]}" ; {is|takes place} at <v> ; &at <v> ; +<v> ; .<v> ; =The venue is <v>
  genre|style|music|kind: genre ; offers <v> ; is pure <v> ; &with <v> music ; .<v> ; =The genre is <v>
  seats|capacity|places|number_of_seats: 10..5000 ; has <v> seats ; {has room|offers room} for <v> people ; &with <v> seats ; .<v> seats
  tickets|tickets_left|available_tickets: 2..900 ; {still has|has} <v> tickets left ; &with <v> tickets left ; .<v> tickets left ; =We still have <v> tickets
  sold_out|is_sold_out: ? ; is sold out ~ {is not sold out|still has tickets} ; +sold out ~ +not sold out ; .sold out ~ .not sold out

hotel which : the hotel; this hotel; our hotel
  * name|hotel|hotel_name: "{Hotel [Word]|Hotel [Adj] [Noun]|The [Adj] [Noun]|Grand [city]|Pension [last]|[Word] Inn|Park Hotel [Word]}" ; <v> ; {the hotel|our hotel|hotel} <v>
  > {We recommend|Stay at|I found|How about|A tip:|Here is}
  @ city rating phone website manager
  price|price_per_night|rate|cost|nightly_rate: 30..600 ; costs MONEY {a|per} night ; asks for MONEY {a|per} night ; &at MONEY a night ; .MONEY per night ; =A night {costs|is} MONEY
  rooms|room_count|number_of_rooms: 5..700 ; has <v> rooms ; {offers|counts} <v> rooms ; &with <v> rooms ; .<v> rooms
  breakfast|includes_breakfast|with_breakfast|breakfast_included: ? ; {includes|serves|offers} breakfast ~ {has|offers|serves} no breakfast ; &with breakfast ~ &without breakfast ; .with breakfast ~ .no breakfast
  pool|has_pool|swimming_pool: ? ; has a pool ~ has no pool ; &with a pool ~ &without a pool ; .pool ~ .no pool
  pets|pets_allowed|allows_pets: ? ; {allows|welcomes} pets ~ does not allow pets ; =Pets are {welcome|allowed} ~ =Pets are not allowed ; .pets welcome ~ .no pets
  distance|distance_km|km_to_center|km: 0.5..20 ; is <v> km from {the center|the station|the beach} ; +<v> km from the center ; .<v> km to the center

booking which : the booking; my reservation; this reservation
  * booking_id|booking|reservation|number|id|reference: code ; {booking|reservation|the booking|our reservation} <v>
  > {Confirmed:|Please check|Details of|New:}
  guest|name|customer|booked_by|guest_name: full_name ; is {for|under the name of} <v> ; was made by <v> ; &for <v> ; &by <v> ; .<v> ; =The guest is <v> ; =<v> {booked|is coming}
  guests|people|persons|party_size|number_of_guests: 1..14 ; is for <v> {people|guests|persons} ; &for <v> {people|guests} ; .<v> people
  nights|number_of_nights|length_of_stay|stay: 2..21 ; is for <v> nights ; covers <v> nights ; &of <v> nights ; .<v> nights ; =They stay <v> nights
  check_in|arrival|from|arrival_date|start_date: date ; starts on <v> ; begins on <v> ; &from <v> ; .from <v> ; ={Arrival is|They arrive} on <v>
  check_out|departure|to|departure_date|end_date|until: date ; {ends|is over} on <v> ; {runs|goes} until <v> ; &until <v> ; .until <v> ; ={Departure is|They leave} on <v>
  room|room_type|type|category: single/double/suite/family ; is for a <v> room ; includes a <v> room ; &for a <v> room ; .<v> room ; =They take a <v> room
  breakfast|with_breakfast|includes_breakfast: ? ; includes breakfast ~ {does not include breakfast|is without breakfast} ; &with breakfast ~ &without breakfast ; .with breakfast ~ .without breakfast
  @ city price

restaurant which : the restaurant; this place; the new restaurant
  * name|restaurant|restaurant_name|place: "{Chez [first]|La [Word]|[last]'s Kitchen|The [Adj] [Noun]|Cafe [Word]|Trattoria [Word]|[first]'s Diner|Bistro [Word]}" ; <v> ; {the restaurant|restaurant|our favourite place,} <v>
  > {Try|We ate at|I recommend|Tonight:|A tip:|New in town:}
  @ city rating phone
  cuisine|food|kitchen|type|style: "{Italian|French|Thai|Indian|Mexican|Greek|Turkish|Korean|Lebanese|Spanish|vegan|Peruvian|Ethiopian}" ; serves <v> food ; offers <v> {cooking|cuisine} ; &with <v> food ; .<v> ; =The cuisine is <v>
  dish|specialty|best_dish|recommended: "DISH" ; is {known|famous|loved} for its <v> ; &with the best <v> ; ={Try|Order|The thing to eat is} the <v>
  price|average_price|cost|price_per_person: price ; costs {about |}MONEY {a|per} person ; &for MONEY per person ; =A dinner {costs|is} MONEY ; .MONEY per person
  seats|capacity|places: 10..200 ; has <v> seats ; {seats|has room for} <v> people ; &with <v> seats ; .<v> seats
  opens|opening_time|open_from|opens_at: time ; opens at <v> ; is open from <v> ; +open from <v> ; .from <v>
  closed|closed_on|day_off|closing_day: weekday ; is closed on <v> ; +closed on <v> ; .closed on <v>
  vegan|is_vegan|vegan_options|vegan_dishes: ? ; has vegan dishes ~ has no vegan dishes ; &with vegan dishes ~ &without vegan dishes ; .vegan options ~ .nothing vegan

flight which : the flight; our flight; my flight
  * flight|flight_number|number|flight_no|id: code ; {flight|the flight|flight number} <v>
  > {Now boarding:|Booked:|Information on|Please check in for|Next:}
  from|origin|departure_city|departure_airport|start: city ; {leaves|departs|starts|takes off} from <v> ; {comes|is coming} from <v> ; &from <v> ; .from <v>
  to|destination|arrival_city|arrival_airport|goes_to: city ; {goes|flies|is going} to <v> ; {lands|arrives} in <v> ; is bound for <v> ; &to <v> ; .to <v> ; =The destination is <v>
  departure|departure_time|leaves_at|time|departs: time ; {leaves|departs|takes off} at <v> ; &at <v> ; .departure <v> ; =Departure is at <v>
  arrival|arrival_time|arrives_at|lands_at: time ; {lands|arrives|gets in} at <v> ; .arrival <v> ; =Arrival is at <v>
  date|day|flight_date|departure_date: day ; {leaves|departs|is} on <v> ; &on <v> ; .<v> ; =The date is <v>
  gate|departure_gate|gate_number: "[L][n]" ; leaves from gate <v> ; +gate <v> ; .gate <v> ; ={Go to|Boarding is at|The gate is} gate <v>
  airline|carrier|operated_by|company: "{Air [Word]|[Word] Airways|Sky[word1]|[country] Air|Aero [Word]}" ; is {operated|run} by <v> ; belongs to <v> ; &with <v> ; &by <v> ; .<v>
  passenger|traveler|name|passenger_name: full_name ; is booked for <v> ; &for <v> ; .passenger <v> ; =The passenger is <v>
  seat|seat_number|place: "[n][L]" ; .seat <v> ; =The seat is <v> ; =You sit in seat <v>
  delayed|is_delayed|late: ? ; is {delayed|late} ~ is on time ; +delayed ~ +on time ; .delayed ~ .on time
  @ price duration

train which : the train; our train; the next train
  * train|train_number|number|line|name: "{IC|RE|ICE|S|TGV|EC|RB} {[n]|[nn]}" ; {train|the train|the} <v>
  > {Attention:|On the board:|Connection:|Next:|Take}
  from|origin|start|departure_station|departs_from: city ; {leaves|departs|starts} from <v> ; comes from <v> ; &from <v> ; .from <v>
  to|destination|end|arrival_station|terminus: city ; {goes|runs} to <v> ; {ends|arrives} in <v> ; &to <v> ; .to <v> ; =The terminus is <v>
  departure|departure_time|leaves|time|departs_at: time ; {leaves|departs} at <v> ; &at <v> ; .departure <v>
  platform|track|platform_number: 1..30 ; {leaves|departs} from platform <v> ; {waits|stands} on {track|platform} <v> ; &on platform <v> ; .platform <v> ; =The platform is <v>
  delay|delay_minutes|minutes_late|late_by: 2..90 ; is <v> minutes late ; has a delay of <v> minutes ; &with a delay of <v> minutes ; .<v> {min|minutes} late
  class|travel_class|car_class: first/second ; has only <v> class ; +<v> class ; .<v> class
  changes|transfers|number_of_changes: 2..5 ; needs <v> changes ; &with <v> changes ; .<v> changes ; =You change <v> times
  @ price duration

car which : the car; my old car; this car; our car
  * model|car|vehicle|name|type: "{[Brand]|[Brand]} {[n]|[L][n]|Combi|GT|Sport|Classic|City|Van}" ; {the|a|this|my} <v>
  > {For sale:|I am selling|On offer:|We saw|In the garage:}
  @ price color year owner city
  mileage|km|kilometers|odometer|distance: 900..240000 ; has {run|done|driven} <v> km ; has <v> {km|kilometers} on the clock ; &with <v> km ; .<v> km
  fuel|fuel_type|engine|drive|runs_on: petrol/diesel/electric/hybrid ; has a <v> engine ; +<v> ; .<v> ; =The engine is <v>
  doors|number_of_doors|door_count: 2..5 ; has <v> doors ; &with <v> doors ; .<v> doors
  power|horsepower|hp|ps: 45..450 ; has <v> {hp|horsepower} ; {delivers|makes} <v> hp ; &with <v> hp ; .<v> hp
  automatic|is_automatic|automatic_gearbox: ? ; {is an automatic|shifts by itself|has an automatic gearbox} ~ {has a manual gearbox|is shifted by hand|is no automatic} ; .automatic ~ .manual
  seats|number_of_seats: 2..9 ; has <v> seats ; {seats|takes} <v> people ; &with <v> seats ; .<v> seats
  accident_free|no_accidents|undamaged: ? ; {is accident-free|never had an accident} ~ {had an accident|is not accident-free} ; .accident-free ~ .accident damage

flat which : the flat; the apartment; our flat; this apartment
  * address|street|location|flat_address: "[street] [n]" ; {the flat|an apartment|the apartment|our flat} {at|in} <v>
  > {To let:|For rent:|I found|Free now:|We rent out}
  @ deposit city
  rent|price|monthly_rent|rent_eur|cost: 200..3200 ; costs MONEY {a|per} month ; {rents|is let} for MONEY{ a month|} ; &for MONEY a month ; .MONEY ; =The {monthly |}rent is MONEY
  rooms|number_of_rooms|room_count: 2..7 ; has <v> rooms ; {consists of|offers} <v> rooms ; &with <v> rooms ; .<v> rooms
  size|area|square_meters|sqm|living_space|size_m2: 18..240 ; {is|has|measures} <v> {square meters|m2|sqm} ; &of <v> square meters ; +<v> square meters ; .<v> {m2|sqm}
  floor|level|storey: 1..12 ; is on floor <v> ; {lies|is situated} on floor <v> ; &on floor <v> ; .floor <v>
  balcony|has_balcony|with_balcony: ? ; has a balcony ~ has no balcony ; &with a balcony ~ &without a balcony ; .balcony ~ .no balcony
  furnished|is_furnished|furniture: ? ; is furnished ~ is {unfurnished|not furnished|empty} ; +furnished ~ +unfurnished ; .furnished ~ .unfurnished
  available|available_from|free_from|move_in|from: date ; is {free|available|empty} from <v> ; +available from <v> ; .free from <v> ; =You can move in on <v>
  landlord|owner|contact|agent|lessor: full_name ; {belongs to|is let by} <v> ; +let by <v> ; =<v> {owns it|shows it to you|has the keys}

product which : the product; this article; the article
  * name|product|item|article|product_name: "PRODUCT" ; {the|our|this|that|the new} <v>
  > {For sale:|New:|We sell|On offer:|I want to buy|In the catalogue:}
  @ price color weight brand rating country
  stock|in_stock|quantity|available_units|inventory: 2..900 ; is in stock {with|in} <v> {pieces|units} ; .<v> {in stock|left|pieces} ; =<v> {are left|are in stock|pieces remain} ; =We have <v> of them
  material|made_of|fabric|substance: "{wood|steel|cotton|plastic|glass|leather|bamboo|wool|aluminium|ceramic|paper|copper|rubber}" ; is made {of|from} <v> ; {consists of|is all} <v> ; +made of <v> ; &of <v> ; .<v> ; =The material is <v>
  size|clothing_size|fit: small/medium/large ; is size <v> ; &in size <v> ; .size <v> ; =The size is <v>
  discount|discount_percent|reduction|percent_off: 5..80 ; is <v> {percent|%} off ; {has|comes with} a discount of <v> {percent|%} ; &with <v> percent off ; .-<v>%
  available|is_available|in_stock: ? ; is {available|in stock} ~ is {sold out|out of stock|not available} ; +available now ~ +out of stock ; .available ~ .sold out
  warranty|guarantee|warranty_years|years_of_warranty: 2..10 ; has <v> years of warranty ; comes with a warranty of <v> years ; &with <v> years of warranty ; .<v> years warranty
  width|width_cm|cm: 5..240 ; is <v> {cm|centimeters} wide ; has a width of <v> cm ; +<v> cm wide ; .<v> cm wide
  sku|id|code|article_number|item_number: code ; has the {number|code|article number} <v> ; &with the code <v> ; .no. <v> ; =The code is <v>

book which : the book; this novel; my favourite book
  * title|book|name|book_title: "TITLE" ; "<v>" ; {the book|the novel|my copy of} "<v>"
  > {I am reading|New in the library:|Have you read|Our tip:|On my shelf:|We discuss}
  @ language published price rating
  author|writer|written_by|author_name: full_name ; {is|was written} by <v> ; {is a work of|comes from the pen of} <v> ; &by <v> ; .by <v> ; .<v> ; =<v> {wrote it|is the author} ; =The author is <v>
  pages|page_count|length|number_of_pages: 40..1200 ; has <v> pages ; {runs to|fills} <v> pages ; &with <v> pages ; +<v> pages long ; .<v> {pages|pp.}
  genre|category|type|kind: novel/thriller/poetry/travel/history/fantasy/crime/biography ; is filed under <v> ; &from the <v> shelf ; .<v> ; =The genre is <v>
  publisher|press|published_by|house: "{[Word] Press|[last] Books|[Adj] House|[Word] & [Word]}" ; {is published by|appeared with} <v> ; &from <v> ; .<v> ; =The publisher is <v>
  isbn|id|code: "978-[nnn]-[nnn]" ; has the ISBN <v> ; .ISBN <v> ; =ISBN <v>
  borrowed|is_borrowed|lent: ? ; is {borrowed|lent out|out on loan} ~ is {on the shelf|in the library|not borrowed} ; +on loan ~ +not borrowed ; .on loan ~ .not borrowed
  chapters|number_of_chapters|chapter_count: 4..60 ; has <v> chapters ; &with <v> chapters ; .<v> chapters

film which : the film; this movie; the series
  * title|film|movie|name: "TITLE" ; "<v>" ; {the film|the movie|the picture} "<v>"
  > {In the cinema:|Tonight:|We watched|Have you seen|My tip:|On TV:}
  @ published duration country language
  director|directed_by|made_by|filmmaker: full_name ; {is|was made|was directed} by <v> ; &by <v> ; +directed by <v> ; .by <v> ; =<v> {directed it|made it|is the director}
  genre|category|type|kind: drama/comedy/horror/western/romance/thriller/animation ; {is listed as|counts as} <v> ; .<v> ; =The genre is <v>
  rating|score|points|imdb_rating: 1.5..9.8 ; {has|got|reached} {a rating of|a score of} <v> ; &with a rating of <v> ; +rated <v> ; .<v> points ; =The critics gave it <v>
  actors|cast|stars|starring: names ; {stars|features} <v> ; has <v> in the cast ; &with <v> ; +starring <v> ; .with <v> ; =<v> {play in it|are in it|act}
  age_limit|min_age|from_age|age_rating: 6..18 ; is {allowed|suitable} from {the age of |}<v> ; +from {age|the age of} <v> ; .from age <v>
  budget|cost|budget_millions|millions: 2..300 ; {cost|had a budget of} <v> million{ dollars|} ; .<v> million ; =The budget was <v> million

song which : the song; this track; my favourite song
  * title|song|track|name: "TITLE" ; "<v>" ; {the song|the track|the hit} "<v>"
  > {Now playing:|Play|Listen to|On the radio:|I love|Next:}
  @ language published
  artist|singer|band|performed_by: "{The [Adj] [Noun]s|[full]|[Word]|[Adj] [Noun]|The [Word]s}" ; {is|is sung|was recorded} by <v> ; &by <v> ; .by <v> ; =<v> {sings it|recorded it|is the singer}
  album|record|from_album: "TITLE" ; is {on|from} the album "<v>" ; &from the album "<v>" ; .album "<v>" ; =The album is called "<v>"
  genre|style|music: genre ; is {pure|classic} <v> ; {belongs to|counts as} <v> ; .<v> ; =The style is <v>
  duration|length|seconds|duration_seconds: 90..600 ; {lasts|runs for} <v> seconds ; is <v> seconds long ; +<v> seconds long ; .<v> {s|seconds}
  tempo|bpm|beats_per_minute|speed: 60..190 ; has <v> {bpm|beats per minute} ; &with <v> bpm ; .<v> bpm
  plays|streams|views|play_count: 100..900000 ; {was|has been} played <v> times ; has <v> {plays|streams} ; &with <v> streams ; .<v> plays

course which : the course; this class; our workshop
  * title|course|name|class: "{[Adj] Yoga|Pottery|Spanish I|Python Basics|First Aid|Watercolours|Bread Baking|Chess|Guitar|Photography|Bookkeeping|Sewing|Public Speaking|Statistics|[language] for Beginners}" ; {the course|the class|our course} "<v>" ; "<v>"
  > {New:|Sign up for|We offer|In the programme:|I booked}
  @ fee time language city
  teacher|instructor|tutor|trainer|taught_by: full_name ; is {taught|given|led} by <v> ; &with <v> ; &by <v> ; .with <v> ; =<v> {teaches|is the teacher}
  day|weekday: weekday ; {is|takes place} {every|on} <v> ; &on <v> ; .every <v>
  weeks|duration|duration_weeks|length: 2..40 ; {lasts|takes|runs for} <v> weeks ; &of <v> weeks ; .<v> weeks
  level|difficulty|stage: beginner/intermediate/advanced ; {has|is at} {the |}<v> level ; &at <v> level ; .<v> ; =The level is <v>
  participants|places|max_participants|seats|students: 4..60 ; {has|takes|is for} {up to |}<v> {people|participants|students} ; &for <v> {people|students} ; .<v> {places|people}
  certificate|has_certificate|with_certificate: ? ; ends with a certificate ~ gives no certificate ; &with a certificate ~ &without a certificate ; .certificate ~ .no certificate

match which : the match; the game; yesterday's game
  * home_team|home|team|host: "TEAM" ; {the game|the match} of <v> ; {the home game|the home match} of <v>
  > {Result:|Sports news:|In the stadium:|Final whistle for}
  @ date city time
  away_team|away|guest|opponent|against|visitors: "TEAM" ; {was|is} against <v> ; &against <v> ; .against <v> ; =The {opponent|guest} is <v>
  score|result|final_score|ended: "[d]:[d]" ; {ended|finished} <v> ; {has|had} the result <v> ; .<v> ; =The score is <v> ; =It ended <v>
  sport|discipline|game|kind: "{football|handball|hockey|basketball|volleyball|rugby|cricket|water polo|baseball|tennis}" ; is {a game of|all about} <v> ; &in <v> ; .<v> ; =The sport is <v>
  spectators|attendance|fans|viewers|crowd: 100..80000 ; {had|drew|was seen by} <v> {spectators|fans|people} ; &before <v> {fans|spectators} ; .<v> {fans|spectators} ; =<v> fans came
  scorer|goals_by|goal_scorer|best_player|player: full_name ; had <v> as its {best player|scorer} ; =<v> {scored|was the best player|made the difference} ; .scorer <v>
  referee|judge|umpire: full_name ; is led by {the referee|referee} <v> ; =The referee is <v> ; .referee <v>
  friendly|is_friendly: ? ; is a friendly ~ {counts for the cup|is not a friendly} ; .friendly ~ .no friendly

sensor which : the sensor; this device; the station
  * sensor|id|sensor_id|device|name: "{S|T|sensor-|unit |probe }{[n]|[nn]}" ; {sensor|the sensor|device} <v>
  > {Reading:|Alarm:|Data from|Log:}
  temperature|temp|degrees|temperature_c|celsius: -20..60 ; {shows|reads|measures|reports} <v> {degrees|°C|C} ; {is|stands} at <v> degrees ; &at <v> degrees ; .<v> {°C|degrees|C} ; =The temperature is <v>
  humidity|humidity_percent|moisture|rh: percent ; {shows|reports|measures} <v> {percent|%} humidity ; .humidity <v>{%| percent} ; =The humidity is <v> {percent|%}
  pressure|pressure_hpa|air_pressure|hpa: 950..1050 ; {shows|reports|measures} <v> hPa ; .<v> hPa ; =The pressure is <v> hPa
  battery|battery_level|charge|battery_percent: percent ; has <v> {percent|%} battery{ left|} ; &with <v> percent battery ; .battery <v>% ; =The battery is at <v> percent
  location|room|place|where|position: room ; is in the <v> ; {hangs|stands|sits} in the <v> ; &in the <v> ; .<v>
  time|timestamp|measured_at|read_at: time ; {reported|was read} at <v> ; &at <v> ; .<v> ; =The time is <v>
  status|state|condition: ok/warning/error/offline ; {reports|shows|has} {the status |}<v> ; +status <v> ; .<v> ; =The status is <v>
  active|online|is_active|enabled: ? ; is {active|on|running} ~ is {off|inactive|switched off} ; +active ~ +inactive ; .on ~ .off
  voltage|volts: 1.1..48 ; runs {at|on} <v> {volts|V} ; {has|measures} <v> volts ; .<v> V

task which : the task; this ticket; the job; the issue
  * title|task|name|summary|what: "{fix|update|test|review|check|clean up|rewrite|finish|prepare|translate} the {login|homepage|report|slides|budget|printer|backup|search|contract|newsletter|database|garden gate|[word1] module}" ; {the task|the ticket|the job} "<v>" ; "<v>"
  > {To do:|New ticket:|Open:|On my list:|Please look at}
  assignee|assigned_to|owner|person|responsible|who: first_name ; is {assigned to|for|in the hands of} <v> ; {waits for|belongs to} <v> ; &for <v> ; .<v> ; =<v> {takes care of it|does it|is responsible|is on it}
  due|deadline|due_date|until|date: day ; is due{ on|} <v> ; {must|has to} be {done|ready} by <v> ; +due on <v> ; .{due|by} <v> ; =The deadline is <v>
  priority|urgency|importance|level: low/medium/high ; has <v> priority ; is of <v> priority ; &with <v> priority ; .<v> priority ; =The priority is <v>
  hours|estimate|effort|estimated_hours|time: 2..60 ; {takes|needs|will take} {about |}<v> hours ; &of <v> hours ; .<v> {h|hours}
  status|state|stage: open/started/blocked/closed ; is {still |}<v> ; +still <v> ; .<v> ; =The status is <v>
  id|number|ticket|ticket_id|key: code ; has the {number|id} <v> ; &with the number <v> ; .<v>
  done|is_done|finished|completed: ? ; is {done|finished|ready} ~ is {not done yet|unfinished|not finished yet} ; .done ~ .not done
  reporter|created_by|reported_by|author|from: first_name ; {comes|is} from <v> ; was {reported|written|created} by <v> ; +reported by <v> ; .reported by <v>
  tags|labels|categories: "list ui|backend|docs|urgent|bug|mobile|security|billing|design|test|garden|legal" ; has the {tags|labels} <v> ; .tags <v> ; =The tags are <v>

parcel which : the parcel; my package; the shipment; this parcel
  * tracking_number|parcel|number|tracking|id|shipment: code ; {parcel|package|shipment|the parcel} <v>
  > {On its way:|Scanned:|Track|News about|Received:}
  @ weight
  sender|from|sent_by|shipper|sender_name: full_name ; {comes|is} from <v> ; was sent by <v> ; +sent by <v> ; .from <v> ; =<v> {sent it|is the sender} ; =The sender is <v>
  recipient|to|receiver|addressee|name: full_name ; {goes|is addressed} to <v> ; is for <v> ; &for <v> ; .for <v> ; =<v> {gets it|is the recipient} ; =The recipient is <v>
  destination|city|delivery_city|to_city: city ; {goes|travels|is being shipped} to {the city of |}<v> ; &to <v> ; .to <v> ; =The destination is <v>
  carrier|shipping_company|courier|sent_with: "{DHL|UPS|FedEx|Swiss Post|[Word] Express|[Word] Cargo|Parcel[word1]}" ; {travels|is shipped|was sent} with <v> ; &with <v> ; .<v> ; =The carrier is <v>
  delivery|delivery_date|arrives|arrival|expected|eta: day ; {arrives|comes|will be delivered} on <v> ; +due on <v> ; .arrives <v> ; =Delivery is on <v>
  contents|content|contains|inside|item: "PRODUCT" ; contains {a|the} <v> ; {has|holds} a <v>{ inside|} ; &with a <v> ; .<v> ; =Inside is a <v>
  status|state|stage: sent/delivered/waiting/lost ; is <v> ; +<v> ; .<v> ; =The status is <v>
  fragile|is_fragile|handle_with_care: ? ; is fragile ~ is not fragile ; +fragile ~ +not fragile ; .fragile ~ .not fragile
  insured|is_insured|insurance: ? ; is insured ~ is not insured ; +insured ~ +uninsured ; .insured ~ .not insured
  length|length_cm|cm|size: 10..150 ; is <v> cm long ; +<v> cm long ; .<v> cm

invoice which : the invoice; the bill; this payment
  * invoice_number|invoice|number|invoice_id|id|reference: code ; {invoice|the invoice|bill|invoice no.} <v>
  > {Please pay|Attached:|Reminder:|Received:|For our files:}
  customer|client|bill_to|recipient|payer|name: "COMPANY" ; {goes|is addressed} to <v> ; is for <v> ; &for <v> ; .<v> ; =<v> {has to pay|is the customer|owes it}
  supplier|from|seller|issued_by|vendor: "COMPANY" ; {comes|is} from <v> ; was {issued|written|sent} by <v> ; &from <v> ; +issued by <v> ; .from <v>
  amount|total|sum|price|total_amount|value: price ; {is about|comes to|amounts to|is over} MONEY ; &over MONEY ; &of MONEY ; .MONEY ; =The {total|amount|sum} is MONEY
  due|due_date|pay_by|deadline|payable_by: date ; is due on <v> ; {must|has to} be paid by <v> ; +due on <v> ; +payable by <v> ; .due <v>
  date|issued|invoice_date|issue_date: date ; {is dated|was written on|was issued on} <v> ; &of <v> ; +dated <v> ; .dated <v>
  vat|tax|tax_percent|vat_rate: 5..25 ; includes <v> {percent|%} {VAT|tax} ; &with <v>% VAT ; .<v>% VAT ; =The tax is <v> percent
  currency|cur|money|currency_code: currency ; is in <v> ; &in <v> ; .in <v> ; =The currency is <v>
  paid|is_paid|settled|payed: ? ; {is|was|has been} paid ~ {is unpaid|is still open|has not been paid yet} ; +already paid ~ +unpaid ; .paid ~ .unpaid
  items|positions|number_of_items|lines: 2..40 ; has <v> {items|positions} ; &with <v> items ; .<v> items

recipe which : the dish; this recipe; my favourite meal
  * dish|recipe|name|title|meal: "DISH" ; {the|my|our|this} <v>
  > {For dinner:|I cook|How to make|Today:|We had|My recipe:}
  time|minutes|cooking_time|prep_time|duration: 5..180 ; takes <v> minutes ; is ready in <v> minutes ; cooks for <v> minutes ; &in <v> minutes ; .<v> {min|minutes}
  servings|people|serves|portions|for_people: 2..12 ; {serves|feeds|is enough for} <v>{ people|} ; makes <v> portions ; &for <v>{ people|} ; .for <v>{ people|}
  ingredients|items|needs|contents|made_of: "list rice|flour|eggs|onions|garlic|tomatoes|cream|butter|lentils|potatoes|basil|mushrooms|lemon|spinach|chicken|cheese|beans|ginger|pepper|milk" ; {needs|contains|is made of|calls for} <v> ; &with <v> ; .<v> ; =You {need|take} <v>
  difficulty|level|how_hard: easy/medium/hard ; is <v> ; is rated <v> ; +<v> to cook ; .<v> ; =The difficulty is <v>
  calories|kcal|energy|calories_per_serving: 80..1200 ; has <v> {calories|kcal} ; &with <v> {calories|kcal} ; .<v> kcal
  vegetarian|is_vegetarian|veggie|meatless: ? ; is {vegetarian|without meat} ~ is {not vegetarian|with meat} ; +vegetarian ~ +not vegetarian ; .vegetarian ~ .not vegetarian
  oven|temperature|oven_temperature|degrees|heat: 120..250 ; {bakes|cooks} at <v> degrees ; =The oven is at <v> degrees ; .<v> degrees
  cook|chef|made_by|author: first_name ; {is|was made|was cooked} by <v> ; &by <v> ; .by <v> ; =<v> {made it|is the cook|cooks it}
  @ country

animal which : our pet; the animal; my new pet
  * name|pet|pet_name|animal_name: pet ; <v> ; {our pet|my pet|little} <v>
  > {Looking for a home:|Meet|This is|At the vet:|Lost:}
  @ color weight owner
  species|animal|kind|type|is_a: animal ; is a <v> ; +a <v> ; .<v> ; =The animal is a <v>
  age|years|age_years|how_old: 2..20 ; is <v>{ years old|} ; has lived <v> years ; +<v> years old ; +aged <v> ; .<v>{ years|}
  breed|race|variety: "{Collie|Siamese|Poodle|Angora|Beagle|Persian|Husky|Maine Coon|Terrier|Labrador|[Word]}" ; is of the breed <v> ; +breed <v> ; .<v> ; =The breed is <v>
  food|eats|favorite_food|diet|likes: "{carrots|fish|hay|tuna|seeds|chicken|lettuce|dry food|apples|corn|mice|rice}" ; {eats|likes|loves} <v> ; gets <v>{ every day|} ; +fed with <v> ; .{eats|likes} <v> ; =The favourite food is <v>
  vaccinated|is_vaccinated|shots: ? ; is vaccinated ~ is not vaccinated ; +vaccinated ~ +not vaccinated ; .vaccinated ~ .not vaccinated
  gender|sex: male/female ; is <v> ; +<v> ; .<v>
  vet|doctor|veterinarian: "Dr. [last]" ; {sees|was seen by|is treated by} <v> ; =The vet is <v> ; .vet <v>

plant which : the plant; this plant; my plant
  * name|plant|species|what: "{basil|rose|fern|orchid|tulip|cactus|ivy|mint|oak|palm|lavender|tomato|bonsai|sunflower|olive tree|fig tree|jasmine}" ; {the|our|my|this|a} <v>
  > {In the garden:|New on the balcony:|For sale:|I bought|In the shop:}
  @ price city
  height|height_cm|cm|tall|size: 5..300 ; is <v> {cm|centimeters} {tall|high} ; {grows|has grown} to <v> cm ; &of <v> cm ; +<v> cm tall ; .<v> cm
  water|watering|every_days|water_every|watering_days: 2..21 ; {needs|gets} water every <v> days ; is watered every <v> days ; +watered every <v> days ; .water every <v> days ; =Water it every <v> days
  light|sun|exposure|light_level: sun/shade/half-shade ; {likes|needs|prefers|stands in} <v> ; &for <v> ; .<v>
  color|flower_color|colour|blossom: colour ; {blooms|flowers} <v> ; is <v> ; &in <v> ; .<v> ; =The flowers are <v>
  month|blooms_in|flowering|best_month: month ; {blooms|flowers} in <v> ; +blooming in <v> ; .<v> ; =The best month is <v>
  place|location|room|where: room ; stands in the <v> ; {lives|is} in the <v> ; &in the <v> ; .<v>
  poisonous|is_poisonous|toxic: ? ; is {poisonous|toxic} ~ is {not poisonous|harmless|not toxic} ; +poisonous ~ +harmless ; .poisonous ~ .not poisonous

company which : the company; our firm; this startup
  * name|company|firm|company_name|business: "COMPANY" ; <v> ; {the company|the firm|our client} <v>
  > {In the news:|New client:|Profile:|We work with|About}
  @ city website phone
  industry|sector|branch|field|business: "{software|logistics|insurance|fashion|energy|toys|steel|farming|banking|tourism|robotics|furniture|health care|media}" ; {works|is active|earns its money} in <v> ; is a <v> company ; &from the <v> sector ; +<v> ; .<v> ; =The industry is <v>
  employees|staff|headcount|size|number_of_employees|workers: 3..9000 ; {has|employs|counts} <v> {people|employees|workers} ; &with <v> {employees|people} ; .<v> {employees|people}
  founded|year|since|founding_year|established: 1900..2025 ; has existed since <v> ; {was founded|began} in <v> ; +founded in <v> ; .{since|founded} <v>
  ceo|boss|head|director|led_by|founder: full_name ; is {led|headed|run} by <v> ; has <v> at the top ; +led by <v> ; .CEO <v> ; =<v> {is the boss|is in charge|is the CEO}
  revenue|sales|turnover|income|revenue_millions: 2..900 ; {makes|earns|had a revenue of|turns over} <v> million{ euros|} ; &with <v> million in sales ; .revenue <v> million
  product|makes|sells|main_product: "{lamps|robots|shoes|maps|pumps|apps|chairs|batteries|toys|ships|clocks|tents|coffee machines|bicycles}" ; {makes|sells|produces|builds|is known for} <v> ; +a maker of <v> ; .<v>
  listed|is_public|public|on_the_stock_exchange: ? ; is {listed|on the stock exchange} ~ is {not listed|private} ; +listed ~ +not listed ; .listed ~ .private

job which : the job; this position; the vacancy
  * title|position|job|role|job_title: "{junior |senior |}{JOB}" ; {the position of|the job of|the role of} <v>
  > {Wanted:|We are hiring for|Open:|Apply for|Vacancy:}
  @ city website
  company|employer|firm|offered_by: "COMPANY" ; is {with|at|offered by} <v> ; &at <v> ; .at <v> ; =<v> {is hiring|is the employer|pays well}
  salary|pay|wage|income|salary_eur|yearly_salary: 18000..120000 ; pays MONEY{ a year|} ; {is worth|comes with a salary of} MONEY ; &for MONEY a year ; .MONEY a year ; =The {salary|pay} is MONEY
  hours|hours_per_week|weekly_hours|working_hours: 10..42 ; is {for|about} <v> hours {a|per} week ; &with <v> hours a week ; .<v> {hours a week|h/week}
  start|start_date|starts|from|begin: date ; starts on <v> ; is free from <v> ; &from <v> ; .from <v> ; =The first day is <v>
  skills|requirements|needs|must_know|languages: "list Python|Excel|SQL|French|driving|welding|Java|first aid|cooking|German|typing|bookkeeping|Photoshop|English" ; {requires|needs|asks for} <v> ; .skills {needed: |}<v> ; =You {know|should know|need} <v>
  experience|years|years_of_experience|experience_years|min_experience: 2..15 ; {needs|requires|asks for} <v> years of experience ; &with <v> years of experience ; .<v> years of experience
  remote|is_remote|home_office|from_home: ? ; {is remote|can be done from home} ~ is {on site|in the office|not remote} ; +remote ~ +on site ; .remote ~ .on site
  contact|contact_person|recruiter|ask_for: full_name ; =Please {write to|ask for|call} <v> ; =The contact is <v> ; .contact <v>

machine which : the machine; this unit; our old machine
  * machine|name|unit|machine_id|id|device: "{press|drill|pump|robot|printer|mill|oven|crane|lathe|mixer} {[n]|[L][n]|[L]}" ; {the|our} <v>
  > {Maintenance:|In the hall:|Check|Out of order:|Report on}
  @ brand year price
  status|state|condition: running/stopped/broken/idle ; is <v> ; +<v> ; .<v> ; =The status is <v>
  location|hall|building|place|where: "{hall|building|line|bay} {[n]|[L]}" ; {stands|is|is installed} in <v> ; &in <v> ; .<v> ; =You find it in <v>
  operator|worker|run_by|user|technician: full_name ; is {run|operated|used} by <v> ; +operated by <v> ; .operator <v> ; =<v> {runs it|operates it|works on it}
  hours|running_hours|operating_hours|hours_of_use: 20..90000 ; has {run|worked} <v> hours ; has <v> hours behind it ; &with <v> hours ; .<v> h
  speed|rpm|revolutions|turns_per_minute: 100..9000 ; {runs|turns} at <v> rpm ; {makes|does} <v> {turns|revolutions} per minute ; &at <v> rpm ; .<v> rpm
  power|power_kw|kw|kilowatts: 0.5..300 ; {draws|uses|needs} <v> {kW|kilowatts} ; &with <v> kW ; .<v> kW
  service|next_service|maintenance|next_check|inspection: date ; is {serviced|checked|due for service} on <v> ; +due for service on <v> ; .service <v> ; =The next service is on <v>
  error|error_code|fault|code: "{E|F|}[n]" ; {shows|reports|stopped with} {the |}error <v> ; &with error <v> ; .error <v> ; =The error is <v>
  safe|is_safe|approved: ? ; is safe ~ is not safe ; .safe ~ .not safe

appointment which : my appointment; the appointment; the visit
  * name|patient|client|who|person|customer: full_name ; {the appointment|an appointment|the visit} {of|for} <v>
  > {Booked:|Confirmed:|In the calendar:|I need|Please note}
  @ date time duration notes
  phone|telephone|phone_number|mobile|tel: phone ; .phone <v> ; ={Call|The number to call is|For questions call} <v>
  provider|expert|advisor: "{Dr. [last]|[full]|Mr. [last]|Mrs. [last]}" ; is with <v> ; &with <v> ; .with <v> ; =<v> {expects you|is waiting|will see you}
  reason|purpose|about|topic: "{haircut|checkup|vaccination|eye test|massage|tyre change|loan|blood test|new passport|repair|tax return|flu shot}" ; is {about|for} a <v> ; &for a <v> ; .<v> ; =The reason is <v>
  place|location|address|where: "[street] [n]" ; is at <v> ; {takes place|is held} at <v> ; .<v> ; =The address is <v> ; =Come to <v>
  first|first_visit|is_new|new_patient: ? ; is the first {visit|one} ~ is not the first {visit|one} ; .first visit ~ .not the first visit
  confirmed|is_confirmed|fixed: ? ; is confirmed ~ is not confirmed{ yet|} ; +confirmed ~ +not confirmed ; .confirmed ~ .not confirmed

review which : it; this thing; the thing I bought; the product
  * product|item|subject|reviewed|name: "PRODUCT" ; {the|this|my new} <v>
  > {Review of|I bought|I tested|My opinion on}
  @ rating price
  reviewer|author|user|name|customer: first_name ; was {reviewed|tested|bought} by <v> ; +reviewed by <v> ; .by <v> ; =<v> {wrote this|tested it|bought it} ; =This review is by <v>
  pros|good|advantages|likes|positives: "list price|colour|sound|design|weight|speed|screen|smell|battery" ; {impresses|wins} with its <v> ; =I {like|love} its <v> ; =What is good: <v> ; .good: <v>
  cons|bad|disadvantages|dislikes|negatives: "list manual|handle|delivery|noise|cable|menu|lid|packaging|buttons" ; {fails|disappoints} with its <v> ; =I do not like its <v> ; =What is bad: <v> ; .bad: <v>
  recommended|recommend|would_recommend|recommends: ? ; is recommended ~ is not recommended ; =I {recommend it|can recommend it} ~ =I {do not|cannot} recommend it ; .recommended ~ .not recommended
  months|used_for|months_of_use|usage_months: 2..36 ; has been in use for <v> months ; =I have had it for <v> months ; .used for <v> months
  shop|store|bought_at|seller: "COMPANY" ; {comes|is} from <v> ; {was bought|was ordered} at <v> ; &from <v> ; .from <v>

trip which : the trip; our trip; my holiday; the tour
  * destination|city|to|where|goal: city ; {the trip|our trip|the tour|a journey} to <v>
  > {Planned:|We offer|I dream of|For the summer:|I booked}
  from|start|origin|departure|starting_point: city ; {starts|begins} in <v> ; {leaves|sets off} from <v> ; &from <v> ; .from <v>
  days|duration|length|number_of_days|duration_days: 2..30 ; {takes|lasts|goes on for} <v> days ; &of <v> days ; .<v> days
  transport|vehicle|means|mode: train/car/bus/plane/ship ; {goes|is} by <v> ; &by <v> ; .by <v> ; =We {go|travel} by <v>
  budget|price|cost|money|max_price: 100..6000 ; {costs|comes to|has a budget of} MONEY ; &for MONEY ; .MONEY ; =The budget is MONEY
  traveler|name|who|traveller|person: full_name ; is {booked |planned |}for <v> ; &for <v> ; .<v> ; =<v> {is travelling|goes on it|will travel}
  people|travelers|persons|group_size|number_of_people: 2..20 ; is for <v> {people|persons} ; &for <v> {people|persons} ; .<v> {people|persons} ; =We are <v>
  departure|start_date|leaves_on|begin|date: date ; {starts|begins} on <v> ; &on <v> ; .on <v> ; =We {leave|start} on <v>
  return|return_date|back_on|end|end_date: date ; ends on <v> ; {is over|finishes} on <v> ; .back on <v> ; =We {are|come} back on <v>
  hotel|stay|accommodation|sleep_at: "Hotel [Word]" ; includes {nights at|a stay at} <v> ; .<v> ; =We {stay|sleep} at <v>
  guided|with_guide|has_guide: ? ; has a guide ~ has no guide ; &with a guide ~ &without a guide ; .guided ~ .not guided

call who : a caller; somebody; a customer
  * name|caller|from|customer|who_called: full_name ; <v> ; {Mr.|Mrs.|a certain|a caller named} <v>
  > {Phone note:|Missed call:|Voicemail from|Message from}
  @ phone company home
  time|called_at: time ; {called|phoned|rang} at <v> ; .<v> ; =The call came at <v>
  about|subject|topic|reason|concern: subject ; {called|asked|wants to talk} about <v> ; {has a question|wrote} about <v> ; .about <v>
  recipient|to|asked_for: first_name ; {asked for|wanted to speak to|was looking for} <v> ; .for <v> ; =The call was for <v>
  message|note|text: text ; {says|said|left the message}: "<v>" ; =The message: "<v>" ; ."<v>"
  callback|call_back|wants_callback|return_call: ? ; wants {to be called back|a call back} ~ does not need a call back ; =Please call back ~ =No need to call back ; .please call back ~ .no call back needed
  customer_id|customer_number|account|client_id: code ; has the customer number <v> ; +customer {number |}<v> ; .customer <v>
"""

_PRODUCTS = (
    "lamp|chair|desk|keyboard|monitor|backpack|bicycle|helmet|jacket|hat|charger|kettle|toaster|pan|blanket|pillow|tent|watch|ring|guitar|drum"
    "|camera|tripod|drill|hammer|sofa|bookshelf|vase|scarf|umbrella|printer|router|tablet|phone|laptop|speaker|microphone|fan|heater|mirror|clock"
    "|carpet|mug|bottle|knife|ladder|broom|bucket|basket|suitcase|wallet|belt|sweater|shirt|raincoat|yoga mat|coffee machine|desk lamp|office chair"
    "|rice cooker|garden hose|tea pot|wool blanket|camping stove|water filter|alarm clock|bread knife|phone case|smart watch|toy train|board game"
)
_DISHES = (
    "lasagne|tomato soup|curry|risotto|goulash|paella|apple pie|omelette|fried rice|onion soup|fish stew|carrot cake|potato salad|ramen|lentil stew"
    "|pumpkin soup|pizza|moussaka|ratatouille|falafel|cheese cake|pasta bake|bean chili|mushroom pie|chicken salad|rice pudding|borscht|couscous|stir fry"
)
_ADJECTIVES = "Silent|Golden|Blue|Old|Wild|Hidden|Northern|Broken|Little|Bright|Lost|Green|Last|Long|Red|Winter|Silver|Quiet|Open|Second|Royal|Happy|Black|Early"
_NOUNS = "Lake|River|Lantern|Fox|House|Harbour|Garden|Mirror|Road|Bridge|Tiger|Star|Island|Key|Tower|Moon|Bird|Forest|Signal|Table|Window|Storm|Lion|Wolf"
_PARTS = {
    "MONEY": "{<v> {euros|dollars|pounds|EUR|USD|francs}|<v> {euros|dollars}|{€|$|£}<v>}",
    "PRODUCT": "{" + _PRODUCTS + "}",
    "DISH": "{" + _DISHES + "}",
    "TITLE": "{The [Adj] [Noun]|The [Noun]|[Adj] [Noun]s|[Noun] of [Word]|A [Noun] in [city]|[Adj] [Noun]|The [Noun] and the [Noun]|Beyond the [Noun]|[Word]|[first] and the [Noun]|No [Noun]|[Noun] Songs}",
    "TEAM": "{FC [city]|[city] {Lions|Bears|Eagles|United|Rovers|City|Tigers|Sharks}|{SV|SC|VfL} [Word]|[Adj] {Hawks|Wolves|Stars}}",
    "COMPANY": "{[Word]{| Ltd|  Inc| AG| Group| & Co}|[last] & [last]|[last] {GmbH|Brothers|Logistics|Foods|Systems}|[Adj] [Noun] {Ltd|Inc}}",
    "JOB": "accountant|nurse|welder|cook|driver|teacher|editor|designer|programmer|tailor|plumber|engineer|analyst|florist|architect|waiter|baker|gardener|translator",
}


@dataclass(frozen=True)
class Aspect:
    """A value that can be told of a subject: its keys, its kind, the forms that tell it."""

    names: list[str]
    kind: Kind
    forms: dict[str, list[str]]
    is_flag: bool = False


@dataclass
class Domain:
    """What can be told of one kind of subject."""

    name: str
    relative: str
    nouns: list[str]
    subject: Aspect
    openings: list[str] = field(default_factory=list)
    aspects: list[Aspect] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """A value in a text: as the text says it, and as JSON."""

    aspect: Aspect
    text: str
    value: Any

    def has(self, kind: str) -> bool:
        return kind in self.aspect.forms

    def form(self, kind: str, rng: random.Random) -> str:
        """Return one of the forms of that kind, with the value in it."""
        form = rng.choice(self.aspect.forms[kind])
        if self.aspect.is_flag:
            form = form.split(" ~ ")[0 if self.value else 1].lstrip(kind + " ")
        article = article_of(self.text)
        said = re.sub(r"\b([Aa])n? <v>", lambda found: f"{found[1]}{article[1:]} <v>", expand(form, rng))
        said = said.replace("<v>", self.text)
        return (
            re.sub(r"\b(1 (?:star|point|year|hour|week|day))s\b", r"\1", said) if self.text == "1" else said
        )


_TAG = re.compile(r"\[(\w+)\]")
_RANGE = re.compile(r"(-?[\d.]+)\.\.(-?[\d.]+)$")
_OWN: dict[str, Kind] = {}
"""Kinds of values that `json_answers` has beside those of `values`."""


def _tag(name: str, rng: random.Random) -> str:
    if name == "Adj":
        return rng.choice(_ADJECTIVE_LIST)
    if name == "Noun":
        return rng.choice(_NOUN_LIST)
    if name in ("Word", "word1"):
        word = str(kind_of("word").make(rng)[1]).split()[0]
        return word.capitalize() if name == "Word" else word
    if name == "Brand":
        return rng.choice(_BRANDS)
    if name in ("n", "nn", "nnn", "d"):
        return str(rng.randint(*{"n": (1, 60), "nn": (100, 9999), "nnn": (1000, 99999), "d": (0, 6)}[name]))
    if name == "L":
        return rng.choice("ABCDEFGHKLM")
    if name == "last":
        return str(kind_of("full_name").make(rng)[1]).split()[-1]
    known = {"full": "full_name", "first": "first_name"}
    return str(kind_of(known.get(name, name)).make(rng)[1])


_ADJECTIVE_LIST, _NOUN_LIST = _ADJECTIVES.split("|"), _NOUNS.split("|")
_BRANDS = "Velto Orbis Kestra Halden Zenko Nordan Brio Amaro Tavo Linea Corsa Delta Pampa Rondo".split()


def _template(template: str, rng: random.Random) -> str:
    return _TAG.sub(lambda match: _tag(match[1], rng), expand(template, rng))


def _kind(name: str) -> Kind:
    """Return the kind of value that the table means."""
    if name == "?":
        return Kind(
            {"type": "boolean"}, lambda rng: (lambda yes: ("yes" if yes else "no", yes))(rng.random() < 0.5)
        )
    if found := _RANGE.match(name):
        return _range(found[1], found[2])
    if not name.startswith('"'):
        return _OWN.get(name) or kind_of(name)
    template = name.strip('"')
    if template.startswith("list "):
        words = template.removeprefix("list ").split("|")
        return Kind({"type": "array", "items": {"type": "string"}}, lambda rng: _listed(words, rng))
    return Kind({"type": "string"}, lambda rng: (lambda text: (text, text))(_template(template, rng)))


def _listed(words: list[str], rng: random.Random) -> tuple[str, list[str]]:
    chosen = rng.sample(words, rng.choice((2, 2, 3)))
    return ", ".join(chosen[:-1]) + " and " + chosen[-1], chosen


def _range(low: str, high: str) -> Kind:
    if "." not in low + high:

        def whole(rng: random.Random) -> tuple[str, int]:
            value = rng.randint(int(low), int(high))
            return str(value), value

        return Kind({"type": "integer"}, whole)

    def other(rng: random.Random) -> tuple[str, float]:
        value = round(rng.uniform(float(low), float(high)), 1)
        value = int(value) if value == int(value) else value
        return str(value), value

    return Kind({"type": "number"}, other)


def _aspect(line: str, split: str = " ; ") -> Aspect:
    names, rest = line.split(": ", 1)
    kind, *forms = rest.split(split)
    found: dict[str, list[str]] = {}
    for form in map(str.strip, forms):
        mark = form[0] if form[0] in "&+.=" else ""
        found.setdefault(mark, []).append(form.removeprefix(mark))
    return Aspect(names.split("|"), _kind(kind), found, kind == "?")


def _parsed() -> list[Domain]:
    common, table = COMMON, TABLE.strip()
    for part, text in _PARTS.items():
        common, table = common.replace(part, text), table.replace(part, text)
    shared = dict(map(_shared, common.split("\n")))
    return [_domain(paragraph, shared) for paragraph in table.split("\n\n")]


def _shared(line: str) -> tuple[str, Aspect]:
    name, is_other, _ = line.split(":")[0].partition("=")
    return name.split("|")[0], _aspect(line.removeprefix(f"{name}=") if is_other else line)


def _domain(paragraph: str, shared: dict[str, Aspect]) -> Domain:
    head, subject, *lines = map(str.strip, paragraph.split("\n"))
    kind, nouns = head.split(" : ")
    name, _, relative = kind.rpartition(" ")
    domain = Domain(name, relative, nouns.split("; "), _aspect(subject.removeprefix("* ")))
    for line in lines:
        if line.startswith("> "):
            domain.openings = re.split(r"[{}|]", line.removeprefix("> ").strip("{}"))
        elif line.startswith("@ "):
            domain.aspects += [shared[name] for name in line.removeprefix("@ ").split()]
        else:
            domain.aspects.append(_aspect(line))
    return domain


_domains: list[Domain] = []

Scene = tuple[str, str, list[tuple[str, dict[str, Any], Any, str]]]
"""A text, what it is about, and of each value in it the key, the schema, the value and the table's name for it."""


def scenes(rng: random.Random, aliases: float, own: dict[str, Kind]) -> Iterator[Scene]:
    """Yield texts of one domain that tell the same aspects, without end; `own` has kinds beside those of `values`."""
    if not _domains:
        _OWN.update(own)
        _domains.extend(_parsed())
    domain = rng.choice(_domains)
    aspects = _chosen_aspects(domain, rng)
    keys = _keys([domain.subject, *aspects], rng, aliases)
    is_named = len(aspects) == 0 or rng.random() < 0.85
    style = _style(rng)
    while True:
        subject = _told(domain.subject, rng) if is_named else None
        told = [_told(aspect, rng) for aspect in aspects]
        rng.shuffle(told)
        writer = _Writer(domain, subject, rng)
        text = writer.write(told, style if rng.random() < 0.6 else _style(rng))
        fields = [
            (
                keys[item.aspect.names[0]],
                item.aspect.kind.schema,
                item.value,
                f"{domain.name}.{item.aspect.names[0]}",
            )
            for item in writer.order
        ]
        yield text, domain.name, fields


def _chosen_aspects(domain: Domain, rng: random.Random) -> list[Aspect]:
    """Return one to five aspects that no key or value of the others could be taken for."""
    count = min(rng.choices((1, 2, 3, 4, 5), (20, 36, 28, 12, 4))[0], len(domain.aspects))
    used, chosen = {domain.subject.names[0]}, []
    for aspect in rng.sample(domain.aspects, len(domain.aspects)):
        if aspect.names[0] not in used:
            used.add(aspect.names[0])
            chosen.append(aspect)
        if len(chosen) == count:
            break
    return chosen


def _keys(aspects: list[Aspect], rng: random.Random, aliases: float) -> dict[str, str]:
    """Return what each aspect's key is called: its plain name, or another one that is not another's."""
    called: dict[str, str] = {}
    is_camel = aliases > 0 and rng.random() < 0.08
    for aspect in aspects:
        name = rng.choice(aspect.names) if rng.random() < aliases else aspect.names[0]
        if any(name in other.names for other in aspects if other is not aspect):
            name = aspect.names[0]
        if is_camel:
            first, *rest = name.split("_")
            name = first + "".join(map(str.capitalize, rest))
        called[aspect.names[0]] = name
    return called


def _told(aspect: Aspect, rng: random.Random) -> Told:
    text, value = aspect.kind.make(rng)
    return Told(aspect, text, value)


NO_NOUNS = set(
    (
        "about due established expected reviewed heated accident_free active against age_years amount_mg approved arrives arrives_at asked_for automatic available"
        " available_from back_on bad battery_percent belongs_to bill_to blooms_in booked_by born borrowed bought_at bpm"
        " budget_millions built called_at came_out celsius closed closed_on cm completed confirmed contains costs created_by cur"
        " delay_minutes delayed departs departs_at departs_from directed_by discount_percent dislikes distance_km dob done"
        " dose_mg drive duration_days duration_min duration_minutes duration_seconds duration_weeks eats enabled ended ends_at"
        " eta every_days experience_years express finish finished first fixed for_people founded fragile free_from friendly from"
        " from_age from_album from_home from_year furnished goals_by goes_to good guided handle_with_care has_balcony"
        " has_certificate has_guide has_heating has_passed has_pool height_cm how_hard how_old hp hpa humidity_percent in_charge"
        " in_language in_stock includes_breakfast indoor inside insured invited is_a is_active is_automatic is_available"
        " is_borrowed is_confirmed is_delayed is_done is_express is_fixed is_fragile is_friendly is_furnished is_indoor"
        " is_insured is_married is_new is_online is_paid is_poisonous is_public is_remote is_safe is_smoker is_sold_out"
        " is_vaccinated is_vegan is_vegetarian issued issued_by kcal kg km km_to_center kw lands_at lang late late_by leaves"
        " leaves_at leaves_on led_by length_cm lent likes listed lives_in loves made_by made_in made_of makes married"
        " max_participants mg minutes_late move_in must_know needs offered_by online open_from opens opens_at operated_by"
        " ordered_by ordered_on organised_by owned_by paid paid_with passed pay_by payable_by payed percent_off performed_by"
        " power_kw pressure_hpa price_eur ps published published_by qty read_at recommended recommends recurring released remark"
        " remote rent_eur repeats reported_by responsible return revenue_millions rh rpm run_by runs_on safe salary_eur seen_by"
        " sells sent_by sent_with serves settled since size_m2 sleep_at smokes sold_out speaks spoken sqm starring starts"
        " starts_at studies talks_by tall taught_by temperature_c tickets_left to until usage_months used_for vaccinated"
        " vat_rate warranty_years water_every weight_kg what where who who_called width_cm with_balcony with_breakfast"
        " with_certificate with_guide works_for would_recommend written_by"
    ).split()
)
"""Keys that do not stand after `the`."""


STYLES = {"prose": 54, "phrase": 14, "labels": 14, "telegram": 12, "first person": 6}
_BEFORE = "Note: |Hi, |Hello! |FYI: |Hi all,\n|Dear team,\n|Good morning! |For the record: |So, |Please note: |Update: |News: |A short note: |We have the following: |Hey! |By the way: |Memo: |> |Hello,\n\n|As discussed: |OK, ".split(
    "|"
)
_AFTER = " Thanks!| Have a nice day!| More on that later.| That is all for now.| Sorry for the late reply.|\n\nBest regards| Let me know what you think.| I hope this helps.| It was a long day.| Talk soon!| The weather is fine here.| Everybody is happy about it.| See you!| :)| Thank you.| Kind regards| I just found out.| Not bad, is it?| Please keep that in mind.| Any questions?".split(
    "|"
)


def _style(rng: random.Random) -> str:
    return rng.choices(list(STYLES), list(STYLES.values()))[0]


def _after(before: str, text: str, *, is_name: bool) -> str:
    """Return a text after a word of greeting."""
    if "\n" in text and before.endswith(": "):
        return f"{before.rstrip()}\n{text}"
    is_inside = (
        not is_name and before.endswith(", ") and re.match(r"(?:The|This|It|Our|My|She|He|A|An) ", text)
    )
    return before + (text[0].lower() + text[1:] if is_inside else text)


def _verb_of_i(predicate: str) -> str:
    """Return a predicate of the third person as I say it of myself."""
    verb, _, rest = predicate.partition(" ")
    special = {
        "is": "am",
        "has": "have",
        "was": "was",
        "does": "do",
        "goes": "go",
        "studies": "study",
        "moved": "moved",
    }
    if verb in special:
        verb = special[verb]
    elif verb.endswith("s") and not verb.endswith("ss"):
        verb = verb[:-1]
    return f"{verb} {rest}".strip()


class _Writer:
    """Writes a text on one subject, and remembers the order in which it told the values."""

    def __init__(self, domain: Domain, subject: Told | None, rng: random.Random) -> None:
        self.domain, self.subject, self.rng = domain, subject, rng
        self.order: list[Told] = []
        self._names: Counter[str] = Counter()
        self._pronoun = "It" if domain.relative == "which" else rng.choice(("She", "He"))
        self._its = {"It": "Its", "She": "Her", "He": "His"}[self._pronoun]

    def write(self, told: list[Told], style: str) -> str:
        """Return the text."""
        if style == "first person" and not (self.domain.name == "person" and self.subject):
            style = "prose"
        known = [*filter(None, [self.subject]), *told]
        self._names = Counter(name for item in known for name in item.aspect.names)
        text = tidied(getattr(self, f"_{style.replace(' ', '_')}")(told))
        if self.rng.random() < 0.12:
            is_name = any(text.startswith(item.text) for item in known)
            text = _after(self.rng.choice(_BEFORE), text, is_name=is_name)
        if self.rng.random() < 0.1:
            after = self.rng.choice(_AFTER)
            end = "" if text[-1] in ".!?" else "."
            text = f"{text}\n{after.strip()}" if "\n" in text else text + end + after
        return text

    def _tell(self, told: Told) -> Told:
        self.order.append(told)
        return told

    def _label(self, told: Told, *, is_noun: bool = False) -> str:
        """Return one of the names of a value, which no other value in the text has."""
        first, *others = told.aspect.names[:4]
        free = [name for name in others if self._names[name] < 2 and not (is_noun and name in NO_NOUNS)]
        return self.rng.choice([first, *free]).replace("_", " ")

    def _named(self) -> str:
        """Return the subject's name in a noun phrase, or what it is called without one."""
        if self.subject is None:
            return self.rng.choice(self.domain.nouns)
        return self._tell(self.subject).form("", self.rng)

    def _with_modifiers(self, told: list[Told], most: int) -> str:
        """Return the subject with phrases that belong to it; take these from `told`."""
        rng = self.rng
        text = self._named()
        for mark in "&+":
            for item in list(told):
                if most and item.has(mark) and rng.random() < 0.6:
                    most -= 1
                    told.remove(item)
                    phrase = self._tell(item).form(mark, rng)
                    if mark == "&":
                        text += f" {phrase}"
                    elif len(self.order) <= 1 + bool(self.subject) and rng.random() < 0.25:
                        text += f" ({phrase})"
                        most = 0
                    else:
                        text = f"{text.rstrip(',')}, {phrase},"
        return text

    def _predicates(self, told: list[Told], most: int) -> list[str]:
        found: list[str] = []
        for item in list(told):
            if len(found) < most and item.has(""):
                told.remove(item)
                found.append(self._tell(item).form("", self.rng))
        return found

    def _joined(self, predicates: list[str]) -> str:
        if len(predicates) < 2:
            return "".join(predicates)
        return (
            ", ".join(predicates[:-1])
            + (" and " if len(predicates) == 2 else self.rng.choice((" and ", ", and ")))
            + predicates[-1]
        )

    def _prose(self, told: list[Told]) -> str:
        rng = self.rng
        told = list(told)
        subject = self._with_modifiers(told, rng.choice((0, 0, 0, 1, 1, 2)) if told else 0)
        relative: list[str] = []
        if len(told) > 1 and rng.random() < 0.2:
            relative = self._predicates(told, rng.choice((1, 1, 2)))
        predicates = self._predicates(told, rng.choice((1, 1, 2, 2, 3)))
        if relative:
            subject = (
                subject.rstrip(",")
                + f", {self.domain.relative} {self._joined(relative)}"
                + ("," if predicates else "")
            )
        if predicates:
            first = f"{subject} {self._joined(predicates)}"
        else:
            first = self._opened(subject.rstrip(","))
        return (
            " ".join([_ended(first, rng), *self._sentences(told)]) if told else _ended(first, rng, last=True)
        )

    def _opened(self, phrase: str) -> str:
        """Return a noun phrase as a sentence."""
        opening = self.rng.choice(self.domain.openings).strip()
        return f"{opening} {phrase}{'?' if opening.startswith(('Have you', 'How about')) else ''}"

    def _sentences(self, told: list[Told]) -> list[str]:
        """Return short sentences on the rest."""
        rng = self.rng
        found = []
        while told:
            item = told[0]
            way = rng.random()
            if item.has("=") and way < 0.4:
                found.append(_ended(self._tell(told.pop(0)).form("=", rng), rng))
            elif item.has("") and way < 0.85:
                who = (
                    self._pronoun
                    if self._pronoun != "It" or rng.random() < 0.7
                    else rng.choice(self.domain.nouns[:1])
                )
                found.append(
                    _ended(f"{who} {self._joined(self._predicates(told, rng.choice((1, 1, 2))))}", rng)
                )
            elif item.aspect.is_flag or way < 0.93:
                told.pop(0)
                found.append(_ended(f"{self._label(self._tell(item))}: {item.text}", rng))
            else:
                told.pop(0)
                found.append(self._its_value(self._tell(item)))
        return found

    def _its_value(self, told: Told) -> str:
        name = self._label(told, is_noun=True)
        its = self._its if self.rng.random() < 0.6 else "The"
        is_odd = (
            is_plural(name)
            if isinstance(told.value, str)
            else isinstance(told.value, list) and not is_plural(name)
        )
        if is_odd or name.replace(" ", "_") in NO_NOUNS:
            return _ended(f"{name}: {told.text}", self.rng)
        if is_plural(name) and not isinstance(told.value, list):
            its, name = "The", f"number of {name}"
        return _ended(f"{its} {name} {'are' if is_plural(name) else 'is'} {told.text}", self.rng)

    def _phrase(self, told: list[Told]) -> str:
        """A noun phrase with what belongs to it, then the rest in sentences."""
        told = list(told)
        phrase = self._with_modifiers(told, 3).rstrip(",")
        text = self._opened(phrase) if self.rng.random() < 0.7 else phrase
        return " ".join([_ended(text, self.rng), *self._sentences(told)])

    def _labels(self, told: list[Told]) -> str:
        """Labels with their values."""
        rng = self.rng
        items = (
            [*told, self.subject]
            if self.subject and rng.random() < 0.1
            else [*filter(None, [self.subject]), *told]
        )
        joint = rng.choice(("\n", "\n", "\n", ", ", ", ", "; ", " | ", " / ", ". "))
        form = rng.choice(("K: V", "K: V", "K: V", "K = V", "K - V", "K V", "- K: V", "* K: V", "K is V"))
        if joint != "\n":
            form = form.removeprefix("- ").removeprefix("* ")
        is_capital = rng.random() < 0.5
        parts = []
        for item in items:
            label = self._label(self._tell(item), is_noun=form == "K is V")
            text = (
                item.form(".", rng)
                if item.has(".") and not item.aspect.is_flag and self._is_unit(item)
                else item.text
            )
            said = form.replace(" is ", " are ") if is_plural(label) else form
            if item.aspect.is_flag or label.replace(" ", "_") in NO_NOUNS:
                said = form.replace(" is ", ": ")
            name = label.capitalize() if is_capital else label
            part = said.replace("V", "\0").replace("K", name).replace("\0", text)
            parts.append(part)
        head = (
            f"{self.domain.name.capitalize()}{':' if rng.random() < 0.5 else ''}\n"
            if joint == "\n" and rng.random() < 0.2
            else ""
        )
        return head + joint.join(parts)

    def _is_unit(self, item: Told) -> bool:
        """Return whether a number is followed by its unit, sometimes."""
        forms = item.aspect.forms["."]
        return (
            isinstance(item.value, (int, float))
            and all(f.startswith("<v>") for f in forms)
            and self.rng.random() < 0.3
        )

    def _telegram(self, told: list[Told]) -> str:
        """The values in a row."""
        rng = self.rng
        joint = rng.choice((", ", ", ", ", ", " - ", "; ", " / ", " | ", "\n"))
        parts = []
        if self.subject:
            self._tell(self.subject)
            parts.append(self.subject.text if rng.random() < 0.7 else self.subject.form("", rng))
        else:
            parts.append(rng.choice(self.domain.nouns))
        parts[0] += rng.choice(("", "", "", ":"))
        for item in told:
            self._tell(item)
            label = self._label(item)
            parts.append(
                item.form(".", rng)
                if item.has(".")
                else f"{label}: {item.text}"
                if rng.random() < 0.5
                else f"{label} {item.text}"
            )
        text = joint.join(parts).replace(f":{joint}", ": ")
        ended = _ended(text, rng, last=True)
        return text[0] + ended[1:] if self.subject and text.startswith(self.subject.text) else ended

    def _first_person(self, told: list[Told]) -> str:
        rng = self.rng
        told = list(told)
        assert self.subject
        name = self._tell(self.subject).text
        start = rng.choice(
            (
                f"My name is {name}.",
                f"I am {name}.",
                f"{name} here.",
                f"I'm {name}.",
                f"Hello, this is {name}.",
            )
        )
        rest: list[str] = []
        while told:
            predicates = self._predicates(told, rng.choice((1, 2, 3)))
            if predicates:
                rest.append(f"I {self._joined([_verb_of_i(predicate) for predicate in predicates])}.")
            else:
                item = told.pop(0)
                name = self._label(self._tell(item), is_noun=True)
                rest.append(f"My {name} {'are' if is_plural(name) else 'is'} {item.text}.")
        return " ".join([start, *rest])


def _ended(text: str, rng: random.Random, *, last: bool = False) -> str:
    """Return a sentence with its capital and its full stop, which is sometimes left out at the end."""
    text = capital(text.strip())
    if text[-1] in ".!?" or (last and rng.random() < 0.12):
        return text
    return f"{text}."
