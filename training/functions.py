"""Functions that a model may be offered: written by hand, and invented.

The table below has a function in each paragraph: its name and description, its parameters (`name?` is optional) with
the kind of value (training.values; `a/b` is an enum) and a description, after `>` the sentences that ask for it, after
`=` what it returns.
"""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from training.grammar import expand
from training.values import Kind, Said, invented, kind_of, tidied

TABLE = """
get_weather: Get the current weather in a city.
  city: city - Name of the city
  unit?: celsius/fahrenheit - Unit of the temperature
  > {What is|What's|How is|How's|Tell me} the weather{| like} in <city>{| today| now| right now}?
  > {Is it|Will it be} {warm|cold|raining|sunny|nice} in <city>{| today}?
  > What is the weather in <city> in <unit>?
  > {I am going|I travel|I fly} to <city>{| today}. {What is the weather there|How is the weather there|Do I need a coat}?
  > {Weather in <city>|Weather for <city>|<city> weather|The weather in <city>}{|, please|.|?}
  = temperature:degrees condition:weather
  = temp:degrees humidity:percent wind:small

get_forecast: Get the weather forecast for the next days.
  location: city - City
  days: small - Number of days
  > {What will the weather be|How will the weather be|What is the forecast} in <location> for the next <days> days?
  > {Give me|Show me|I need} the forecast for <location>, <days> days{| please}.
  > <days> days of weather forecast for <location>, please.
  = summary:weather high:degrees low:degrees

get_time: Get the current time in a city.
  city: city - City
  > What time is it in <city>{| now}?
  > {What is|Tell me} the {|current |local }time in <city>{?|.}
  > {How late is it|Which time is it} in <city>?
  = time:time
  = time:time weekday:weekday

convert_currency: Convert an amount of money into another currency.
  amount: price - Amount
  from: currency - Currency to convert from
  to: currency - Currency to convert to
  > {Convert|Change} <amount> <from> {to|into} <to>{.|, please.|}
  > How {much|many <to>} {is|are} <amount> <from> in <to>?
  > What are <amount> <from> in <to>?
  > {I have|I paid|It costs} <amount> <from>. What is that in <to>?
  = result:price
  = amount:price rate:decimal

get_exchange_rate: Get the exchange rate between two currencies.
  base: currency
  target: currency
  > {What is|Tell me} the exchange rate {from|between} <base> {to|and} <target>{?|.}
  > {How does|What does} {the |}<base> stand against {the |}<target>?
  > <base> to <target> rate{?|, please.|}
  = rate:decimal

search_web: Search the web.
  query: subject - What to search for
  > {Search|Look|Google} {the web |online |the internet |}for <query>{.|, please.|}
  > {Find|Can you find} {something|information|pages|websites} about <query>{| on the web| online}{.|?}
  > {Look up|Google} <query>{| on the web| on the internet}{.|, please.}
  = results:words
  = title:word url:word

send_email: Send an email.
  to: email - Address of the recipient
  subject?: title - Subject
  body: text - Text of the email
  > {Send|Write} an email to <to>{ saying|:| that says} "<body>"{.|}
  > {Email|Mail} <to>: <body>
  > {Send|Write} an email to <to> with the subject "<subject>" and the text "<body>"{.|}
  > {Tell|Write to} <to> by email: "<body>"
  = status:status id:id

send_message: Send a text message to a person.
  recipient: name - Who gets it
  message: text - The text
  > {Text|Message|Write to} <recipient>: <message>
  > {Send|Write} {a message|a text|an SMS} to <recipient>{: | saying | that says }"<message>"{.|}
  > {Tell|Let know} <recipient>: "<message>"
  > {Please tell|Tell|Write} <recipient> "<message>".
  = status:status

create_event: Add an event to the calendar.
  title: title - What it is
  date: day - Day
  time?: time - Time of the day
  > {Add|Put} "<title>" {to|in} my calendar {on|for} <date> at <time>{.|}
  > {Create|Make|Schedule|Plan} {an event|an appointment|a meeting} "<title>" on <date>{.|}
  > {I have|There is} <title> on <date> at <time>. {Put it in|Add it to} {my|the} calendar{.|, please.}
  > {Schedule|Plan} <title> {on|for} <date> at <time>{.|, please.}
  = id:id status:status

list_events: List the events in the calendar on a day.
  date: day - Day
  > What {is|do I have} {in|on} my calendar on <date>?
  > {What are my plans|What is planned|Which appointments do I have|Do I have anything} on <date>?
  > {Show|List} my {events|appointments|calendar} {for|on} <date>{.|, please.}
  = events:words
  = title:title time:time

set_alarm: Set an alarm.
  time: time - When it rings
  label?: title - Name of the alarm
  > {Set|Put} {an|my} alarm {for|at|to} <time>{.|, please.|}
  > {Wake me|Wake me up|Get me up} at <time>{.|, please.|!}
  > {Set|Make} an alarm at <time> called "<label>"{.|}
  = alarm:time status:status

set_timer: Start a timer.
  minutes: minutes - How many minutes
  > {Set|Start|Put} a timer {for|of} <minutes> minutes{.|, please.|}
  > {Timer|Set the timer}{:|,| for|} <minutes> minutes{.|, please.|}
  > {Tell me when|Remind me when|Ring when} <minutes> minutes {are over|have passed}{.|}
  = status:status ends_at:time

add_reminder: Remember something for the user.
  text: text - What to remember
  date?: day - When
  > Remind me{:| of this:} "<text>"{.|}
  > Remind me on <date>: <text>
  > {Add|Make|Create|Set} a reminder{:| that says|} "<text>" {on|for} <date>{.|}
  = id:id status:status

get_stock_price: Get the price of a company's share.
  company: company - Name of the company
  > {What is|What's|Tell me|Show me} the {stock|share} price of <company>{| today| now|}?
  > {How much is|What costs} {a|one} {share|stock} of <company>{| today|}?
  > How is {the |}<company> stock doing{| today}?
  = price:price currency:currency
  = price:price change:decimal

turn_light: Switch the light in a room on or off.
  room: room - Which room
  on: on_off - True for on, false for off
  > {Turn|Switch} <on> the {light|lights|lamp} in the <room>{.|, please.|}
  > {Turn|Switch} the {light|lights|lamp} in the <room> <on>{.|, please.|}
  > <room> {light|lights} <on>{.|, please.|}
  = status:status

set_brightness: Set how bright the lamp in a room is.
  room: room - Room
  level: percent - Brightness in percent
  > {Set|Dim|Change} the {light|lamp|brightness} in the <room> to <level>{| percent|%}{.|, please.|}
  > {Make it|I want} <level> percent bright in the <room>{.|, please.}
  = room:room level:percent

set_temperature: Set the heating of a room.
  room: room
  degrees: degrees - Degrees celsius
  > {Set|Turn|Change} the {heating|temperature|thermostat} in the <room> to <degrees>{| degrees}{.|, please.|}
  > {Make|Heat} the <room> {to |}<degrees> degrees{| warm}{.|, please.}
  = status:status current:degrees

play_music: Play music.
  artist?: artist - Who plays it
  genre?: genre - Kind of music
  > {Play|Put on} {something|a song|music|some music} {by|from|of} <artist>{.|, please.|}
  > {Play|Put on} {some |a little |}<genre>{| music}{.|, please.|}
  > {I want to|Let me|I would like to} {hear|listen to} {some |}<genre>{| music}{.|}
  > {I want to|Let me} {hear|listen to} <artist>{.|}
  = song:word artist:artist

set_volume: Set the volume of the speaker.
  level: percent - 0 to 100
  > {Set|Turn|Put} the {volume|sound|speaker} to <level>{| percent|%}{.|, please.|}
  > {Volume|Sound}{:| to|} <level>{| percent}{.|, please.|}
  = level:percent

translate: Translate a text.
  text: text - Text to translate
  language: language - Language to translate into
  > {Translate|Please translate} "<text>" {to|into} <language>{.|}
  > {How do you say|How does one say|What is|What means} "<text>" in <language>?
  > {Say|Put} "<text>" in <language>{.|, please.}
  = translation:word

get_order_status: Get the status of an order.
  order_id: code - Number of the order
  > {Where is|What is the status of|What happened to|How is|Track} {my |the |}order <order_id>{?|.}
  > {Has|Did} {my |the |}order <order_id> {been shipped|arrive|been sent}?
  > {Check|Look up|Look for} {the |my |}order <order_id>{.|, please.|}
  > {I ordered something, the number is|My order number is|The order is} <order_id>. {Where is it|When does it come|What is its status}?
  = status:status arrives:day
  = status:status

cancel_order: Cancel an order.
  order_id: id - Order number
  reason?: wrong item/too late/not needed - Why
  > {Cancel|Please cancel|I want to cancel|Stop} {my |the |}order {|number }<order_id>{.|, please.|}
  > Cancel order <order_id>, reason: <reason>.
  > {I do not want|I no longer need|I do not need} order <order_id>{| any more}{.|, cancel it.}
  = order_id:id status:status

place_order: Order a product.
  product: item - What to order
  quantity: count - How many
  > {Order|Buy|I want to order|I would like to buy} <quantity> {pieces of |units of |times |x }<product>{.|, please.|}
  > {Order|Buy} <product>, quantity <quantity>{.|, please.}
  = order_id:id total:price

query_database: Run an SQL query.
  sql: word - The query
  > {Run|Execute} {this |the |}{query|SQL}: select * from <sql>
  = rows:integer

calculate: Calculate an expression.
  expression: expression - Expression, for example 2 * 3
  > {What is|Calculate|Compute|How much is|Work out} <expression>{?|.|}
  > {Use the calculator|Calculate this|Please calculate}: <expression>
  = result:integer

multiply: Multiply two numbers.
  a: integer
  b: integer
  > {What is|How much is|Calculate|Compute} <a> {times|x|*|multiplied by} <b>{?|}
  > {Multiply|Please multiply} <a> {by|and|with} <b>{.|}
  = result:integer

divide: Divide a number by another.
  dividend: integer
  divisor: integer
  > {What is|How much is|Calculate} <dividend> {divided by|/|over} <divisor>{?|}
  > Divide <dividend> by <divisor>{.|, please.}
  = quotient:decimal

roll_dice: Roll dice.
  sides: count - How many sides each has
  count?: count - How many dice
  > {Roll|Throw} a {die|dice} with <sides> sides{.|!|, please.}
  > {Roll|Throw} <count> dice with <sides> sides{| each}{.|!}
  = result:small

get_news: Get the latest news about a topic.
  topic: subject - Topic
  > {What is|What's|Is there anything} new{s|} about <topic>?
  > {Show|Give|Read} me {the |the latest |}news {about|on} <topic>{.|, please.}
  > {Latest news|News|Headlines} about <topic>{.|?|}
  = headlines:words

book_table: Book a table in a restaurant.
  restaurant: word - Name of the restaurant
  people: count - Number of people
  day?: day - Day
  time?: time - Time
  > {Book|Reserve} a table for <people>{| people| persons} at <restaurant> on <day> at <time>{.|, please.|}
  > {Book|Reserve|Get us} a table at <restaurant> for <people>{| people| guests}{.|, please.|}
  > We are <people>{| people} and want to eat at <restaurant> at <time>. {Book|Reserve} a table{.|, please.}
  = confirmation:code
  = confirmed:status table:small

find_restaurant: Find restaurants in a city.
  city: city
  cuisine?: italian/indian/chinese/french/mexican/greek/thai - Kind of food
  > {Find|Show me|I am looking for|Where is} a {good |nice |}restaurant in <city>{?|.}
  > {Find|Show me|Where is|I want} {an|a} <cuisine> restaurant in <city>{?|.}
  > {Where can I eat|Where do people eat|I am hungry, where can I eat} in <city>?
  = names:words
  = name:word rating:decimal

search_flights: Search flights between two cities.
  origin: city - From
  destination: city - To
  date?: day - Day of departure
  > {Find|Search|Show me|I need|Are there} {flights|a flight|planes} from <origin> to <destination>{?|.}
  > {Find|Search|Show me|I need} {flights|a flight} from <origin> to <destination> on <date>{?|.}
  > {I want to|How can I|I have to|I must} fly {|to <destination> }from <origin> {|to <destination> }on <date>{.|}
  > {I want to|We want to|I have to} fly from <origin> to <destination>{| on <date>}{.|}
  = flight:code price:price departure:time

book_hotel: Book a hotel room.
  city: city - City
  nights: count - How many nights
  check_in?: day - First day
  > {Book|Reserve|Find|I need} a {hotel|hotel room|room} in <city> for <nights> nights{.|, please.|}
  > {Book|Reserve} <nights> nights in {a hotel in |}<city>{.| from <check_in>.| starting on <check_in>.}
  > {I stay|I am|We stay} in <city> for <nights> nights{| from <check_in>}. {Book a hotel|I need a hotel}{.|, please.}
  = hotel:word price:price

get_distance: Get the distance between two places.
  start: city
  end: city
  > {How far is it|What is the distance|How many kilometres are it} from <start> to <end>?
  > {How far is|How long is the way from} <start> {from|to} <end>?
  = kilometers:integer
  = distance:integer duration:time

get_route: Find the way to a place.
  destination: city - Where to go
  mode?: car/train/bike/foot - How to travel
  > {How do I get|Show me the way|Find a route|What is the best way|Navigate} to <destination>{?|.}
  > {How do I get|What is the route|Find a route} to <destination> by <mode>{?|.}
  = distance:integer minutes:minutes

call_taxi: Order a taxi.
  address: street - Where to pick up
  time?: time - When
  > {Call|Order|Get me|I need|Send} a {taxi|cab} to <address>{.|, please.|}
  > {Call|Order|I need} a {taxi|cab} {at <time> to <address>|to <address> at <time>}{.|, please.|}
  = car:code minutes:minutes

track_package: Track a package.
  tracking_number: code - Tracking number
  > {Where is|Track|Follow|Find} {my |the |}{package|parcel|delivery} <tracking_number>{?|.}
  > {My|The} tracking number is <tracking_number>. {Where is my package|Where is it|When does it arrive}?
  = status:status location:city

add_to_cart: Put a product into the shopping cart.
  product: item
  quantity?: count
  > {Add|Put} <product> {to|in|into} {my|the} {cart|shopping cart|basket}{.|, please.|}
  > {Add|Put} <quantity> {times |x |pieces of |}<product> {to|in|into} {my|the} {cart|basket}{.|, please.|}
  = items:integer total:price

add_to_list: Add things to the shopping list.
  items: items - Things to buy
  > {Add|Put|Write} <items> {to|on} {my|the} {shopping |}list{.|, please.|}
  > {I need|We need|I have to buy} <items>. {Put them|Write them|Add them} {on|to} the {shopping |}list{.|}
  = count:count

find_recipe: Find a recipe.
  dish: dish - What to cook
  servings?: count - For how many people
  > {Find|Show me|Give me|I need|Look for} a recipe for <dish>{.|, please.|}
  > {How do I|How can I} {cook|make} <dish>{| for <servings>| for <servings> people}?
  > I want to {cook|make} <dish>. {Find|Show me} a recipe{.|, please.}
  = minutes:minutes ingredients:items

search_books: Search the library for books.
  author?: full_name - Author
  title?: book - Title of the book
  > {Do you have|Find|Show me|Search|Are there} books by <author>{?|.}
  > {Do you have|Find|Search|Is there} {the book |}"<title>"{| in the library}{?|.}
  > {Which books|What} {did <author> write|has <author> written}?
  = title:book year:year
  = books:words

get_user: Get a user's data.
  user_id: id - Number of the user
  > {Who is|Show me|Get|Look up|Find} {the |}user {|number |with the id |with id }<user_id>{?|.}
  > {Show|Get|Fetch} the {data|profile|account} of user <user_id>{.|, please.}
  = name:name email:email
  = name:name age:age city:city

create_user: Create an account.
  name: full_name - Full name
  email: email - Email address
  admin?: yes_no - Whether the user is an administrator
  > {Create|Make|Add|Register|Open} {an account|a user|a new user|a new account} for <name>{, email |, | with the email | with the address }<email>{.|}
  > {Register|Sign up} <name>{ with|,} <email>{.|, please.}
  > {Create|Add} a user <name>, <email>, admin: <admin>.
  = user_id:id status:status

find_contact: Look up a person in the address book.
  name: name - Name of the person
  > {What is|What's|Give me|Find|Look up|I need} the {number|phone number|address|contact|email} of <name>{?|.}
  > {How can I reach|How do I reach|Find|Look up} <name>{?| in my contacts.| in the address book.}
  = phone:phone
  = phone:phone email:email

create_ticket: Open a support ticket.
  title: text - What is wrong
  priority?: low/medium/high - How urgent
  > {Open|Create|Make|File} a {ticket|support ticket|bug report}: <title>
  > {Open|Create|File} a <priority> priority ticket{:| saying|} "<title>"{.|}
  > {Open|Create|File} a ticket "<title>" with <priority> priority{.|}
  = ticket:code status:status

assign_task: Give a task to a person.
  task: title - The task
  person: name - Who does it
  > {Assign|Give} {the |}"<task>" {task |}to <person>{.|, please.|}
  > {Let <person> do|<person> should do|<person> takes care of|<person> does} "<task>"{.|}
  = task_id:id status:status

add_note: Write a note.
  text: text
  tags?: words
  > {Write|Make|Take|Add|Save} a note: <text>
  > {Note|Write down|Note down}: "<text>"{.|}
  > {Save|Add} the note "<text>" with the tags <tags>{.|}
  = note_id:id

read_file: Read a file.
  path: path - Path of the file
  > {Read|Open|Show me|Show|Print} {the file |}<path>{.|, please.|}
  > {What is|What stands|What does it say} in {the file |}<path>?
  = content:text
  = lines:integer content:text

delete_file: Delete a file.
  path: path - Path of the file
  > {Delete|Remove|Erase} {the file |}<path>{.|, please.|}
  = status:status

list_files: List the files in a folder.
  folder: path - Folder
  > {List|Show|Show me} {the |all |}files in <folder>{.|, please.|}
  > {What|Which files} {is|are} in {the folder |}<folder>?
  = files:words

run_command: Run a command in the shell.
  command: command - Command line
  > {Run|Execute|Start} `<command>`{.|, please.|}
  > {Run|Execute} the command <command>{.|}
  = exit_code:small output:text

get_temperature: Read a sensor.
  sensor: room - Where the sensor is
  > {How warm|How cold|How hot} is it in the <sensor>?
  > {What is|Tell me|Read} the temperature in the <sensor>{?|.}
  = temperature:degrees

lock_door: Lock or unlock a door.
  door: front/back/garage/garden - Which door
  locked: locked - True to lock
  > <locked> the <door> door{.|, please.|}
  > {Please|Can you|Could you} <locked> the <door> door{?|.}
  = status:status

get_balance: Get the balance of an account.
  account: checking/savings/credit/business - Which account
  > {What is|What's|Show me|Tell me} the balance of my <account> account{?|.}
  > {How much money|How much|What} {is on|do I have in|is in} my <account> account?
  = balance:price currency:currency

transfer_money: Transfer money to a person.
  recipient: name
  amount: price - Amount in euros
  note?: title
  > {Send|Transfer|Pay} <amount> {euros|euro|EUR} to <recipient>{.|, please.|}
  > {Pay|Send} <recipient> <amount> euros{.|, please.| for "<note>".}
  = status:status reference:code

get_country_info: Get facts about a country.
  country: country
  > {Tell me|Give me|Look up|Show me} {something|facts|data} about {the country |}<country>{.|, please.|}
  > {How many people live in|What language do they speak in|What is the population of} <country>?
  = capital:city population:integer language:language

get_horoscope: Get the horoscope of a sign.
  sign: aries/taurus/gemini/cancer/leo/virgo/libra/scorpio/pisces - Star sign
  > {What is|What's|Tell me|Read me} {my|the} horoscope for <sign>{| today}{?|.}
  > I am {a |}<sign>. What {does my horoscope say|do the stars say}?
  = horoscope:text

generate_image: Draw a picture.
  prompt: subject - What to draw
  size?: small/medium/large - Size
  > {Draw|Paint|Make|Create|Generate} a {picture|drawing|image} of <prompt>{.|, please.|}
  > {Draw|Make|Generate} a <size> {picture|image} of <prompt>{.|, please.|}
  = url:word

count_words: Count the words of a text.
  text: text
  > {How many words are in|Count the words in|Count the words of} "<text>"{?|}
  = words:small

random_number: Get a random number.
  min: small
  max: percent
  > {Give me|Pick|I need|Tell me|Draw} a {random |}number {between|from} <min> {and|to} <max>{.|, please.|}
  = number:percent

get_film: Get information about a film.
  title: book - Title
  year?: year - Year
  > {Tell me about|What do you know about|Look up|Find} the {film|movie} "<title>"{.|, please.|}
  > {Tell me about|Look up|Find} the {film|movie} "<title>" {from|of} <year>{.|}
  > {Who made|Who directed|When was|How long is} the {film|movie} "<title>"?
  = director:name minutes:minutes
  = year:year rating:decimal

check_availability: Check whether a product is in stock.
  product: item
  store?: city - City of the store
  > {Is|Are|Do you have} <product> {available|in stock|there}{| in <store>| in the <store> store}?
  > {Do you have|Do you sell|Can I still get} <product>{| in <store>}?
  = available:yes_no
  = in_stock:integer

rate_film: Rate a film.
  title: book
  stars: small - 1 to 10
  > {Rate|I rate|Give} {the film |}"<title>" <stars>{| stars| points}{.|, please.}
  > {I give|Please give} <stars> stars to "<title>"{.|}
  = status:status average:decimal

get_sunrise: Get the time of sunrise and sunset.
  city: city
  date?: day
  > When {does the sun rise|is sunrise|is sunset|does the sun set} in <city>{| on <date>}?
  = sunrise:time sunset:time

convert_units: Convert a measure.
  value: price - Number
  from_unit: km/kg/cm/inch/mile/liter - Unit
  to_unit: m/g/mm/foot/pound/gallon - Unit to convert into
  > {Convert|How much is|How many <to_unit> are} <value> <from_unit> {to|in} <to_unit>{?|.|}
  > {What is|What are} <value> <from_unit> in <to_unit>?
  = result:decimal

get_current_time: Get the current time.
  > What time is it{| now| right now}?
  > {Tell me|What is} the {time|current time}{.|, please.|?}
  > {How late is it|Is it late|Which time is it}{| now}?
  = time:time
  = time:time date:date

get_date: Get today's date.
  > {What|Which} {day|date} is {it|today}{| today}?
  > {What is|Tell me} {today's date|the date}{| today}{?|.}
  = date:date weekday:weekday

tell_joke: Tell a joke.
  > {Tell me|Do you know|I want|I need} a joke{.|?|, please.|}
  > {Make me laugh|Say something funny|Be funny}{.|!|}
  = joke:text

get_location: Find out where the user is.
  > {Where am I|What is my location|Which city am I in|Where are we}{| now| right now}?
  = city:city country:country

get_battery: Get the state of the battery.
  > {How full|How is|What about} {is |}the battery{?|}
  > {What is|Show me|Tell me} the {battery level|state of the battery}{?|.}
  = percent:percent charging:yes_no

list_users: List all users.
  > {List|Show|Show me|Give me} {all |the |all the }users{.|, please.|}
  > {Who|Which users} {has|have} an account{| here}?
  = users:names

stop_music: Stop the music.
  > {Stop|Pause|Turn off|End} the {music|song|sound}{.|, please.|!|}
  > {Silence|Quiet}{, please|}{.|!}
  = status:status

hire_tutor: Book a lesson with a tutor.
  subject: language - Subject
  hours: count - How many hours
  student: first_name - Student
  > {Book|I need|Find|Arrange} <hours> hours of <subject> {lessons |}for <student>{.|, please.|}
  > <student> {wants to learn|needs help with|learns} <subject>. {Book|Arrange} <hours> hours{.|, please.}
  = tutor:name starts:day
"""


@dataclass(frozen=True)
class Parameter:
    """What a function takes."""

    name: str
    kind: Kind
    description: str = ""
    is_required: bool = True


@dataclass(frozen=True)
class Function:
    """A function, the sentences that ask for it, and the keys of what it returns."""

    name: str
    description: str
    parameters: list[Parameter]
    asks: list[str]
    results: list[dict[str, Kind]] = field(default_factory=list)


@dataclass(frozen=True)
class Request:
    """A sentence, and the call that it asks for."""

    said: str
    function: Function
    arguments: dict[str, Any]


_OWN_KINDS = {
    "yes_no": Kind({"type": "boolean"}, lambda rng: rng.choice((("yes", True), ("no", False)))),
    "locked": Kind({"type": "boolean"}, lambda rng: rng.choice((("lock", True), ("unlock", False)))),
    "path": Kind({"type": "string"}, lambda rng: _same(_path(rng))),
    "command": Kind({"type": "string"}, lambda rng: _same(_command(rng))),
    "expression": Kind({"type": "string"}, lambda rng: _same(_expression(rng))),
}


def _same(text: str) -> Said:
    return text, text


def _path(rng: random.Random) -> str:
    folder = rng.choice(("", "docs/", "src/", "/tmp/", "data/", f"{invented(rng).split()[0]}/"))
    stem = rng.choice(("notes", "report", "main", "todo", "config", "letter", invented(rng).split()[0]))
    return f"{folder}{stem}.{rng.choice(('txt', 'md', 'py', 'csv', 'json'))}"


def _command(rng: random.Random) -> str:
    return f"{rng.choice(('ls', 'cat', 'echo', 'rm', 'git add', 'python', 'du -h'))} {_path(rng)}"


def _expression(rng: random.Random) -> str:
    """Return something that is no sum of two small numbers: these the model can do itself."""
    terms = [str(rng.randint(2, 10 ** rng.choice((1, 2, 3)))) for _ in range(rng.randint(2, 3))]
    return f" {rng.choice('*/')} ".join(terms) if rng.random() < 0.6 else " + ".join([*terms, "100"])


def _kind(name: str) -> Kind:
    return _OWN_KINDS.get(name) or kind_of(name)


def _parse(paragraph: str) -> Function:
    head, *lines = paragraph.split("\n")
    name, description = head.split(": ", 1)
    function = Function(name, description, [], [])
    for line in map(str.strip, lines):
        if line.startswith("> "):
            function.asks.append(line[2:])
        elif line.startswith("= "):
            function.results.append(
                {key: _kind(kind) for key, kind in (pair.split(":") for pair in line[2:].split())}
            )
        else:
            key, rest = line.split(": ", 1)
            kind, _, about = rest.partition(" - ")
            function.parameters.append(Parameter(key.rstrip("?"), _kind(kind), about, not key.endswith("?")))
    return function


FUNCTIONS = [_parse(paragraph) for paragraph in TABLE.strip().split("\n\n")]
_SLOT = re.compile(r"<(\w+)>")


def request(function: Function, rng: random.Random) -> Request:
    """Return a sentence that asks for the function, with every value that the function needs."""
    required = {parameter.name for parameter in function.parameters if parameter.is_required}
    while True:
        said = _capital(expand(rng.choice(function.asks), rng))
        slots = set(_SLOT.findall(said))
        if required <= slots:
            break
    arguments: dict[str, Any] = {}
    for parameter in function.parameters:
        if parameter.name not in slots:
            continue
        text, value = parameter.kind.make(rng)
        while value in arguments.values():
            text, value = parameter.kind.make(rng)
        said = said.replace(f"<{parameter.name}>", text)
        arguments[parameter.name] = value
    return Request(tidied(said), function, arguments)


# --- invented functions --------------------------------------------------------------------------------

VERBS = {
    "book": ["book"],
    "reserve": ["reserve", "book"],
    "create": ["create", "make"],
    "add": ["add"],
    "delete": ["delete", "remove"],
    "remove": ["remove", "delete"],
    "find": ["find", "look for", "search for"],
    "search": ["search for", "find"],
    "lookup": ["look up", "find"],
    "get": ["get", "show me", "give me", "tell me"],
    "fetch": ["fetch", "get", "bring me"],
    "show": ["show", "show me", "display"],
    "check": ["check", "look at"],
    "update": ["update", "change"],
    "change": ["change"],
    "set": ["set", "change", "put"],
    "send": ["send"],
    "share": ["share"],
    "print": ["print"],
    "start": ["start", "begin"],
    "stop": ["stop", "end"],
    "open": ["open"],
    "close": ["close", "shut"],
    "schedule": ["schedule", "plan"],
    "plan": ["plan"],
    "rent": ["rent", "hire"],
    "buy": ["buy", "get"],
    "sell": ["sell"],
    "order": ["order"],
    "repair": ["repair", "fix"],
    "move": ["move"],
    "copy": ["copy"],
    "rename": ["rename"],
    "compare": ["compare"],
    "count": ["count"],
    "measure": ["measure"],
    "track": ["track", "follow"],
    "record": ["record"],
    "upload": ["upload"],
    "download": ["download"],
    "archive": ["archive"],
    "block": ["block"],
    "register": ["register"],
    "report": ["report"],
    "submit": ["submit", "send in"],
    "cancel": ["cancel", "call off"],
    "confirm": ["confirm"],
    "calculate": ["calculate", "work out"],
    "estimate": ["estimate"],
    "publish": ["publish"],
    "read": ["read"],
    "save": ["save", "store"],
    "wash": ["wash"],
    "paint": ["paint"],
    "water": ["water"],
    "feed": ["feed"],
}
NOUNS = (
    "room seat ticket taxi appointment meeting lesson parcel letter invoice bill report contract order cart coupon product price"
    " account profile password photo video album playlist song podcast channel film episode recipe menu dish drink dessert garden"
    " plant tree lawn pool window door gate garage oven fridge dishwasher vacuum robot drone camera sensor printer screen router"
    " network server backup folder file document table chart map route trip tour flight train bus ferry car bike boat scooter hotel"
    " cabin tent locker key badge card loan payment tax salary budget task project team ticket issue branch release build test"
    " survey form vote poll question answer quiz course class exam grade student teacher doctor patient medicine vaccine workout"
    " diet match score league player tournament ladder tool machine engine tyre battery lamp heater fan alarm clock timer note list"
    " calendar event party wedding gift flower cake book magazine article poem word sentence language visa passport address phone"
    " contact message comment review rating customer supplier warehouse shelf box container truck pet dog horse aquarium farm field"
).split()
ADJECTIVES = "new last daily weekly public private local old spare main second team user shared small large online".split()
ROLES: dict[str, tuple[list[str], list[str]]] = {
    # kind of value: names of parameters, ways to say it (P is the parameter's name in words)
    "city": (
        ["city", "location", "place", "town", "destination", "region", "venue"],
        ["in <v>", "in <v>", "for the P <v>"],
    ),
    "name": (
        [
            "name",
            "person",
            "customer",
            "recipient",
            "guest",
            "user",
            "owner",
            "contact",
            "employee",
            "client",
            "author",
        ],
        ["for <v>", "for <v>", "for the P <v>", "with <v>"],
    ),
    "day": (["date", "day", "due_date", "start_date", "deadline", "when"], ["on <v>", "on <v>", "for <v>"]),
    "time": (["time", "start_time", "hour", "at", "begin"], ["at <v>", "at <v>", "for <v>"]),
    "count": (
        "guests people pieces days nights hours copies seats tickets persons adults weeks pages boxes points bottles".split(),
        ["for <v> P", "with <v> P", "<v> P", "for <v> P"],
    ),
    "integer": (
        [
            "level",
            "limit",
            "size",
            "amount",
            "quantity",
            "speed",
            "width",
            "height",
            "weight",
            "port",
            "number",
            "page",
        ],
        ["with P <v>", "to <v>", "with a P of <v>", "P <v>"],
    ),
    "id": (
        ["id", "order_id", "number", "user_id", "account_id", "item_id", "ticket_id", "room_number"],
        ["number <v>", "<v>", "with the P <v>", "with number <v>"],
    ),
    "code": (
        ["code", "id", "reference", "serial", "order_number", "tracking_code", "plate", "sku"],
        ["<v>", "with the P <v>", "P <v>", "number <v>"],
    ),
    "price": (
        ["price", "budget", "max_price", "cost", "fee", "total"],
        ["for <v> euros", "up to <v> euros", "with a P of <v>", "for <v>"],
    ),
    "decimal": (
        ["ratio", "factor", "rate", "score", "weight", "distance"],
        ["with P <v>", "with a P of <v>"],
    ),
    "text": (
        ["text", "message", "note", "comment", "description", "content"],
        ['saying "<v>"', 'with the P "<v>"', 'that says "<v>"', ": <v>"],
    ),
    "subject": (["topic", "subject", "query", "theme", "keyword"], ["about <v>", "on <v>", "about <v>"]),
    "item": (["item", "product", "thing", "article"], ["with <v>", "for <v>", "of <v>"]),
    "colour": (["color", "colour"], ["in <v>", "in <v>", "with the P <v>"]),
    "language": (["language", "lang"], ["in <v>"]),
    "email": (["email", "to", "address", "recipient"], ["to <v>", "for <v>"]),
    "month": (["month", "period"], ["in <v>", "for <v>"]),
    "company": (["company", "firm", "brand", "supplier", "organization"], ["from <v>", "of <v>", "by <v>"]),
    "word": (
        ["name", "title", "label", "key", "category", "tag", "model"],
        ["called <v>", "named <v>", "<v>", "P <v>"],
    ),
    "words": (["tags", "names", "labels", "keywords"], ["with the P <v>", "with P <v>"]),
    "items": (["items", "products", "things"], ["with <v>", "for <v>"]),
    "small/medium/large": (["size"], ["in <v>", "in size <v>", "with size <v>"]),
    "low/medium/high": (["priority", "level", "urgency", "quality"], ["with <v> P", "with P <v>"]),
    "low/normal/urgent": (["priority"], ["with <v> P", "with P <v>"]),
    "pdf/csv/html/json": (["format", "type"], ["as <v>", "in <v> format", "as a <v>"]),
    "cash/card/invoice": (["payment", "method", "pay_by"], ["by <v>", "with <v>", "paid by <v>"]),
    "economy/business/first": (["class", "travel_class"], ["in <v> class", "in <v>"]),
    "north/south/east/west": (["direction", "side"], ["to the <v>", "in the <v>"]),
    "morning/afternoon/evening": (["part_of_day", "slot", "period"], ["in the <v>"]),
    "asc/desc": (["order", "sort"], ["sorted <v>", "with P <v>"]),
    "active/archived/all": (["status", "filter", "state"], ["with status <v>", "with P <v>"]),
    "fast/slow": (["mode", "speed"], ["in <v> mode", "with <v> P"]),
}
FLAGS = (
    "breakfast insurance parking sound captions wifi delivery wrapping notification reminder balcony sugar backup preview help"
    " receipt signature alarm lights details history images links comments".split()
)
RESULT_KEYS: dict[str, str] = {
    "status": "status",
    "id": "id",
    "code": "code",
    "name": "name",
    "price": "price",
    "total": "price",
    "count": "count",
    "date": "day",
    "time": "time",
    "city": "city",
    "title": "title",
    "message": "text",
    "result": "word",
    "value": "integer",
    "amount": "price",
    "duration": "minutes",
    "distance": "decimal",
    "score": "decimal",
    "rating": "decimal",
    "level": "percent",
    "size": "integer",
    "owner": "name",
    "room": "room",
    "color": "colour",
    "reference": "code",
    "phone": "phone",
    "email": "email",
    "weight": "decimal",
    "speed": "integer",
    "temperature": "degrees",
    "items": "items",
    "names": "names",
    "tags": "words",
    "success": "yes_no",
    "available": "yes_no",
    "active": "yes_no",
    "next_date": "day",
    "order_id": "id",
    "start_time": "time",
    "total_price": "price",
    "language": "language",
    "country": "country",
    "street": "street",
    "company": "company",
    "author": "full_name",
    "year": "year",
    "age": "age",
    "remaining": "integer",
    "position": "small",
}


def invented_function(rng: random.Random, near: Function | None = None) -> Function:
    """Return a function that nobody wrote; `near` shares its verb or its noun with it."""
    verb, noun = rng.choice(list(VERBS)), rng.choice(NOUNS)
    if near is not None and "_" in near.name:
        first, *_, last = near.name.split("_")
        verb, noun = (first, noun) if rng.random() < 0.5 and first in VERBS else (verb, last)
    adjective = f"{rng.choice(ADJECTIVES)} " if rng.random() < 0.12 else ""
    if rng.random() < 0.12:
        noun = invented(rng).split()[0]
    parameters, phrases = _roles(rng) if rng.random() < 0.95 else ([], [])
    thing = f"{adjective}{noun}"
    name = _name(verb, thing, rng)
    verbs = VERBS.get(verb, [verb])
    asks = [_ask(name, verbs, thing, parameters, phrases, rng) for _ in range(2)]
    what = _capital(f"{rng.choice(verbs)} {rng.choice(('a', 'the', 'a'))} {thing}")
    description = rng.choice((f"{what}.", f"{what}", f"{what}.", ""))
    if name.replace("_", "").lower() not in f"{verb}{thing}".replace(" ", ""):
        description = description or what
    return Function(name, description, parameters, asks, [results(rng) for _ in range(2)])


def results(rng: random.Random) -> dict[str, Kind]:
    """Return the keys of a result, and the kinds of their values."""
    keys = rng.sample(list(RESULT_KEYS), rng.choice((1, 1, 2, 2, 2, 3, 3, 4)))
    return {key: _kind(RESULT_KEYS[key]) for key in keys}


def _name(verb: str, thing: str, rng: random.Random) -> str:
    words = [verb, *thing.split()]
    kind = rng.random()
    if kind < 0.72:
        return "_".join(words)
    if kind < 0.82:
        return verb + "".join(word.capitalize() for word in words[1:])
    if kind < 0.88:
        return "_".join([*words[1:], verb])
    if kind < 0.92:
        return words[-1]
    return "_".join(invented(rng).split()) if kind < 0.97 else "-".join(words)


def _roles(rng: random.Random) -> tuple[list[Parameter], list[list[str]]]:
    """Return one to three parameters, and how each is said; the names of the kinds are all different."""
    parameters: list[Parameter] = []
    phrases: list[list[str]] = []
    for role in rng.sample(list(ROLES), rng.choice((1, 1, 1, 2, 2, 2, 3, 3))):
        names, ways = ROLES[role]
        name = rng.choice(names)
        if any(parameter.name == name for parameter in parameters):
            continue
        about = (
            "" if rng.random() < 0.5 else _capital(f"{rng.choice(('The ', '', ''))}{name.replace('_', ' ')}")
        )
        is_required = not parameters or rng.random() < 0.7
        parameters.append(Parameter(name, _kind(role), about, is_required))
        phrases.append(ways)
    if rng.random() < 0.12:
        flag = rng.choice(FLAGS)
        kind = Kind({"type": "boolean"}, lambda r: r.choice((("with", True), ("without", False))))
        parameters.append(Parameter(flag, kind, "", is_required=rng.random() < 0.4))
        phrases.append([f"<v> {flag}"])
    return parameters, phrases


_OPENINGS = [
    "",
    "",
    "",
    "",
    "Please ",
    "Can you ",
    "Could you ",
    "I want to ",
    "I would like to ",
    "I need to ",
]


def _ask(
    name: str,
    verbs: list[str],
    thing: str,
    parameters: list[Parameter],
    phrases: list[list[str]],
    rng: random.Random,
) -> str:
    """Return a sentence with a slot for every parameter that is said."""
    said = [
        (parameter, ways)
        for parameter, ways in zip(parameters, phrases, strict=True)
        if parameter.is_required or rng.random() < 0.5
    ]
    flags = any(parameter.kind.schema["type"] == "boolean" for parameter, _ in said)
    if said and not flags and rng.random() < 0.25:
        return _by_name(name, [parameter for parameter, _ in said], rng)
    named = [(p, w) for p, w in said if p.kind.schema["type"] != "boolean" or "<v>" not in w[0]]
    if rng.random() < 0.2 and said and named == said:
        facts = ", ".join(_named(p, rng) for p, _ in said)
        return f"{_capital(rng.choice(verbs))} {rng.choice(('a', 'the', 'my'))} {thing}{rng.choice((': ', '. ', ', '))}{facts}."
    parts = [
        rng.choice(ways).replace("P", p.name.replace("_", " ")).replace("<v>", f"<{p.name}>")
        for p, ways in said
    ]
    if rng.random() < 0.3:
        rng.shuffle(parts)
    parts.sort(key=lambda part: part.startswith(":"))
    opening = rng.choice(_OPENINGS)
    sentence = f"{opening}{rng.choice(verbs)} {rng.choice(('a', 'the', 'a', 'my'))} {thing} {' '.join(parts)}".rstrip()
    end = "?" if opening.startswith("C") else rng.choice((".", ".", "", ", please."))
    return _capital(sentence.replace(" :", ":") + end)


def _named(parameter: Parameter, rng: random.Random) -> str:
    words = rng.choice((parameter.name, parameter.name.replace("_", " ")))
    form = rng.choice(("W <v>", "W <v>", "the W is <v>", "W: <v>", "W = <v>", "W=<v>"))
    return form.replace("W", words).replace("<v>", f"<{parameter.name}>")


def _by_name(name: str, parameters: list[Parameter], rng: random.Random) -> str:
    """Return a sentence that names the function itself."""
    verb = rng.choice(
        ("Call", "Use", "Please use", "Please call", "Run", "Call the function", "Use the tool")
    )
    facts = [f"{p.name} <{p.name}>" if rng.random() < 0.7 else f"{p.name}=<{p.name}>" for p in parameters]
    if rng.random() < 0.2:
        return (
            f"{verb} {name}({', '.join(f'{p.name}=<{p.name}>' for p in parameters)}){rng.choice(('.', ''))}"
        )
    glue = rng.choice((" with ", " with ", ": ", ", "))
    return f"{verb} {name}{glue}{rng.choice((' and ', ', ')).join(facts)}{rng.choice(('.', ''))}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- OpenAI's shape ------------------------------------------------------------------------------------


def tool(function: Function, rng: random.Random) -> dict[str, Any]:
    """Return the function as OpenAI's tool object, with more or fewer descriptions and extras."""
    with_descriptions = rng.random() < 0.5
    properties: dict[str, Any] = {}
    for parameter in function.parameters:
        schema = dict(parameter.kind.schema)
        if with_descriptions and parameter.description:
            schema["description"] = parameter.description
        properties[parameter.name] = schema
    parameters: dict[str, Any] = {"type": "object", "properties": properties}
    required = [parameter.name for parameter in function.parameters if parameter.is_required]
    if required:
        parameters["required"] = required
    if rng.random() < 0.08:
        parameters["additionalProperties"] = False
    described: dict[str, Any] = {"name": function.name}
    if function.description or rng.random() < 0.7:  # servers show null where there is none
        described["description"] = function.description or None
    described["parameters"] = parameters
    if rng.random() < 0.05:
        described["strict"] = True
    return {"type": "function", "function": described}
