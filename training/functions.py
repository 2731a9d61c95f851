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

from training import values
from training.grammar import expand
from training.values import NUMBER_WORDS, Kind, Said, city, first_name, invented, kind_of, things, tidied

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
  product: goods - What to order
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
  > {Find|Search|Show me|I need} {flights|a flight|planes} from <origin> to <destination>{.|}
  > Are there {any |}{flights|planes} {from <origin> to <destination>|to <destination> from <origin>}?
  > {Find|Search|Show me|I need} {flights|a flight} from <origin> to <destination> on <date>{?|.}
  > {I want to|I have to|I must|We would like to|My sister has to} fly {to <destination> from <origin>|from <origin> to <destination>} on <date>{.|}
  > {Which flights|What flights} {go|are there} {from <origin> to <destination>|to <destination> from <origin>}{| on <date>}?
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
  product: goods
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
  product: goods
  store?: city - City of the store
  > {Are|Are|Do you have} <product> {available|in stock|there}{| in <store>| in the <store> store}?
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
  > {What|Which} {day|date} is {it|it today|today}?
  > {What is|Tell me} {today's date|the date|the date today}{?|.}
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

get_price: Look up what a product costs.
  product: thing - Product
  city?: city - Where
  currency?: currency - Currency of the answer
  > {What does|How much does} {a|one|the} <product> cost{| in <city>}?
  > {What is|What's|Tell me|I need} the price of {a|the} <product>{| in <city>}{| in <currency>}{?|.}
  > How much {is|for} {a|one} <product>{| in <city>}{| in <currency>}?
  > {In <city>, what does|In <city>, how much does} a <product> cost?
  > <product>: {price|how much|what does it cost}{?|}
  = price:price currency:currency

travel_time: How long a trip takes.
  from_city: city - Start
  to_city: city - End
  mode?: car/train/bus/bike/plane - How to travel
  > How long {does it take|do I need|is the trip|is the way} from <from_city> to <to_city>{| by <mode>}?
  > How {far|long} is <to_city> from <from_city>{| by <mode>}?
  > {I am in <from_city> and want to go to|I live in <from_city> and have to get to|I start in <from_city> and go to} <to_city>{| by <mode>}. How long {does it take|will I need}?
  > {When would I be in <to_city> if I leave <from_city> now|If I leave <from_city> now, when am I in <to_city>}?
  > {By <mode>|Going by <mode>}, how long is it from <from_city> to <to_city>?
  > <from_city> {to|-} <to_city>{| by <mode>}{?|: how long?|, how long does it take?}
  = minutes:minutes
  = hours:decimal distance:integer

opening_hours: When a shop or an office is open.
  place: company - Shop or office
  weekday?: weekday - Day of the week
  city?: city - City
  > {When does|At what time does} <place> {open|close}{| in <city>}{| on <weekday>}?
  > {Is <place>|Will <place> be} open on <weekday>{| in <city>}?
  > {What are|Tell me|I need} the opening hours of <place>{| in <city>}{?|.}
  > {Until when|How long} is <place> open{| on <weekday>}?
  > {Can I go to|Can we still shop at} <place> on <weekday>?
  = opens:time closes:time

next_departure: Get the next departure of a line.
  station: street - Station or stop
  line?: code - Line
  direction?: city - Where it goes
  > When does the next {bus|train|tram} {leave|go} {at|from} <station>{| to <direction>}?
  > When is the next <line> {at|from} <station>{| to <direction>}?
  > {Next|The next} {bus|train|tram} from <station>{| to <direction>}{?|.|, please.}
  > {I am at|I am standing at|We are at} <station>. When does the {<line>|next bus} {leave|come}?
  = time:time platform:small

split_bill: Split a bill between people.
  total: price - Sum of the bill
  people: few - How many pay
  tip?: small - Tip in percent
  > Split <total> {euros|dollars} {between|among} <people> {people|friends|of us}{| with <tip> percent tip| and add <tip>% tip}{.|, please.|}
  > {We are|There are} <people>{| of us| people} and {the bill is|have to pay|owe} <total> {euros|dollars}. {How much does each pay|What does everyone pay|What is each share}?
  > {The bill is|Dinner was|It was} <total> {euros|dollars} for <people>{| people}{|, tip <tip> percent}. {Split it|Share it|What does each pay}{.|?}
  = each:price

find_showtimes: Find out when a film is shown.
  film: book - Title of the film
  city: city - City
  date?: day - Day
  > When {is|do they show|can I see|does} "<film>" {on|shown|playing} in <city>{| on <date>}?
  > {Where can I see|Which cinema shows} "<film>" in <city>{| on <date>}?
  > {I want to|We want to|My friends want to} {see|watch} "<film>" in <city>{| on <date>}. {When is it on|When does it start}?
  > {Is|Are there tickets for} "<film>" {still on |}in <city>{| on <date>}?
  = time:time cinema:company

compare_products: Compare two products.
  first: thing
  second: thing
  criterion?: price/quality/weight/size
  > {Compare|Please compare} {a|the} <first> {with|to|and} {a|the} <second>{| by <criterion>}{.|}
  > {What is better|Which is better|What should I buy}, {a|the} <first> or {a|the} <second>?
  > {What is the difference between|How do they compare:} a <first> and a <second>{?| in <criterion>?}
  = winner:word reason:text

find_person: Find someone who does a job.
  profession: job - What the person does
  location: city - Where
  language?: language - Language that the person speaks
  > {Is there|Do you know|I need|I am looking for|Find|Find me} {a|a good} <profession> {in|near|around} <location>{| who speaks <language>}{?|.}
  > {Who is the best|Who is a good} <profession> in <location>?
  > {I live in|I am in|We just moved to} <location> and need a <profession>{| who speaks <language>}{.|}
  > <profession> in <location>{, <language>-speaking|}{.|?|, please.|}
  = name:full_name phone:phone

reschedule: Move an appointment to another day.
  event: title - What is moved
  old_date: day - The day that it was planned for
  new_date: day - The day that it moves to
  > {Move|Shift|Push} {the |my |}<event> from <old_date> to <new_date>{.|, please.|}
  > {The|My} <event> {is not on <old_date> but on|on <old_date> has to move to|was planned for <old_date>, change it to} <new_date>{.|}
  > {I cannot make it to the <event> on <old_date>|I have no time for the <event> on <old_date>}, {make it|what about|put it on} <new_date>{.|}
  = status:status

loan_payment: Work out the monthly rate of a loan.
  amount: price
  years: few
  rate: decimal - Interest in percent
  > {I want to borrow|I need a loan of|We borrow} <amount> {euros|dollars} {for|over} <years> years at <rate> percent{.|. What do I pay a month?|. What is the rate?}
  > {At|With} <rate>% interest, what {is|would be} the monthly payment for <amount> {euros|dollars} over <years> years?
  > Loan: <amount>, <years> years, <rate>%{.|}
  = monthly:price

pet_sitter: Find someone for a pet.
  animal: animal
  name: pet
  days: few
  > {Who can look after|I need someone for|Please find a sitter for} my <animal> <name> for <days> days{?|.}
  > {My|Our} <animal> {is called|goes by the name} <name>. {We are away for|I travel for|We leave for} <days> days{.|, find a sitter.|. Who can feed it?}
  > <name>, my <animal>, needs {a sitter|someone} for <days> days{.|}
  = sitter:name

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
    role: str = ""
    """The name of its kind of value, or of the role that it has in an invented function."""


@dataclass(frozen=True)
class Function:
    """A function, the sentences that ask for it, and the keys of what it returns."""

    name: str
    description: str
    parameters: list[Parameter]
    asks: list[str]
    results: list[dict[str, Kind]] = field(default_factory=list)
    phrases: dict[str, list[str]] = field(default_factory=dict)
    """How a parameter is said after the thing, `<v>` for its value; empty for a function that is written by hand."""


@dataclass(frozen=True)
class Request:
    """A sentence, and the call that it asks for."""

    said: str
    function: Function
    arguments: dict[str, Any]


_OWN_KINDS = {
    "yes_no": Kind({"type": "boolean"}, lambda rng: rng.choice((("yes", True), ("no", False)))),
    "locked": Kind({"type": "boolean"}, lambda rng: rng.choice((("lock", True), ("unlock", False)))),
    "few": Kind({"type": "integer"}, lambda rng: _few(rng)),
    "goods": Kind({"type": "string"}, lambda rng: _same(things(rng))),
    "dir": Kind({"type": "string"}, lambda rng: _same(_directory(rng))),
    "path": Kind({"type": "string"}, lambda rng: _same(_path(rng))),
    "command": Kind({"type": "string"}, lambda rng: _same(_command(rng))),
    "expression": Kind({"type": "string"}, lambda rng: _same(_expression(rng))),
}


def _same(text: str) -> Said:
    return text, text


def _few(rng: random.Random) -> Said:
    """Return a number of people, days or pieces, in two of five cases as a word."""
    value = rng.randint(1, 10) if rng.random() < 0.75 else rng.randint(11, 60)
    return (NUMBER_WORDS[value] if value <= 10 and rng.random() < 0.4 else str(value)), value


def _directory(rng: random.Random) -> str:
    stem = rng.choice(("docs", "archive", "photos", "old", "backup", "data", invented(rng).split()[0]))
    return rng.choice((stem, f"{stem}/", f"/home/{stem}", f"/{stem}", f"{stem}/{rng.randint(2015, 2030)}"))


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
            function.parameters.append(
                Parameter(key.rstrip("?"), _kind(kind), about, not key.endswith("?"), kind)
            )
    return function


FUNCTIONS = [_parse(paragraph) for paragraph in TABLE.strip().split("\n\n")]
_SLOT = re.compile(r"<(\w+)>")


def request(function: Function, rng: random.Random, *, is_plain: bool = False) -> Request:
    """Return a sentence that asks for the function, with every value that the function needs.

    A plain one has no other sentence before or after it.
    """
    said = unmarked(wording(function, rng))
    arguments: dict[str, Any] = {}
    filled = filled_in(said, function, arguments, rng)
    if is_plain:
        return Request(filled, function, arguments)
    if rng.random() < LEAD_SHARE:
        filled = f"{lead(function, rng)} {filled}"
    if rng.random() < TAIL_SHARE and not _ends_open(said, function):
        filled = f"{filled if filled.endswith(('.', '?', '!')) else filled + '.'} {rng.choice(_TAILS)}"
    return Request(filled, function, arguments)


LEAD_SHARE = 0.12
TAIL_SHARE = 0.06


def _ends_open(template: str, function: Function) -> bool:
    """Return whether a text without quotes ends the sentence, so that nothing may follow it."""
    last = re.search(r"<(\w+)>[.!?]?$", template)
    texts = {
        p.name
        for p in function.parameters
        if p.role in ("text", "title", "word", "subject", "words", "command", "book", "path", "code")
    }
    return last is not None and last[1] in texts


def wording(function: Function, rng: random.Random) -> str:
    """Return a sentence with slots for at least the values that the function needs."""
    required = {parameter.name for parameter in function.parameters if parameter.is_required}
    while True:
        said = _capital(expand(rng.choice(function.asks), rng))
        if required <= set(_SLOT.findall(said)):
            return said


def unmarked(said: str) -> str:
    """Return a sentence without the marks around the phrases that may be repeated."""
    return said.replace("⟦", "").replace("⟧", "").replace("¦, ", ", ").replace("¦", " ")


def filled_in(said: str, function: Function, arguments: dict[str, Any], rng: random.Random) -> str:
    """Return the sentence with values in its slots, and add these to the arguments in the function's order."""
    slots = set(_SLOT.findall(said))
    texts: dict[str, str] = {}
    for parameter in function.parameters:
        if parameter.name not in slots:
            continue
        text, value = parameter.kind.make(rng)
        for _ in range(8):
            if value not in arguments.values():
                break
            text, value = parameter.kind.make(rng)
        texts[parameter.name] = text
        arguments[parameter.name] = value
        if value == 1 and not isinstance(value, bool):
            said = re.sub(
                rf"(<{parameter.name}>(?:[ -][\w<>]+){{0,2}}? )\[([^|\]]*)\|[^\]]*\]", r"\1\2", said
            )
    if "[" in said:
        said = re.sub(r"\[([^|\]]*)\|([^\]]*)\]", r"\2", said)
    said = _SLOT.sub(lambda match: texts.get(match[1], match[0]), said)
    if "\x02" in said:
        said = _ARTICLE.sub(_article, said)
    return tidied(said)


_ARTICLE = re.compile("\x02 (\\W*)(\\w+)")


def _article(match: re.Match[str]) -> str:
    word = match[2].lower()
    before = match.string[: match.start()].rstrip(" ")
    is_first = not before or before.endswith((".", "?", "!", "\n"))
    is_open = re.match(r"(?!one)[aeio]|hour|u(?!s[ei]|ni|k)|8|11|18", word) is not None
    article = "an" if is_open else "a"
    return f"{article.capitalize() if is_first else article} {match[1]}{match[2]}"


# --- invented functions --------------------------------------------------------------------------------

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


# --- invented functions: the roles of their parameters -----------------------------------------------------

_ROLE_TABLE = """
origin city: origin from from_city start departure_city start_city source from_place departure start_location
  from <v> | from <v> | departing from <v> | leaving from <v> | starting in <v> | out of <v> | starting from <v>
  ! I start in <v>. | We leave from <v>. | I am in <v> at the moment. | The P is <v>.
destination city: destination to to_city target arrival_city end_city goal arrival end to_place
  to <v> | to <v> | to <v> | going to <v> | bound for <v> | that goes to <v> | with destination <v> | ending in <v>
  ! I have to get to <v>. | We are going to <v>. | I want to go to <v>. | The P is <v>.
city city: city location place town city_name where area region venue
  in <v> | in <v> | in <v> | for <v> | near <v> | around <v> | in the city of <v>
  ^ <v>
  ! I am in <v>. | We live in <v>. | It is for <v>. | I will be in <v>.
country country: country nation land country_name state
  in <v> | from <v> | for <v> | made in <v> | in the country of <v>
  ! We are in <v>. | I live in <v>.
person name: name person customer guest client user contact patient member owner who full_name attendee
  for <v> | for <v> | under the name <v> | under the name of <v> | in the name of <v> | with the name <v>
  ^ <v>'s
  ! The name is <v>. | My name is <v>. | It is for <v>. | This is for <v>. | My friend <v> wants it. | My colleague <v> needs it. | My daughter <v> would like it. | <v> asked me for it. | It is <v> who wants it.
recipient name: recipient receiver to addressee to_person contact to_user person
  to <v> | to <v> | to <v> | for <v> | addressed to <v> | that goes to <v>
  ! <v> should get it. | It is for <v>. | The P is <v>.
sender name: sender from from_person author signed_by from_user
  from <v> | signed by <v> | on behalf of <v> | in the name of <v>
  ! The P is <v>. | It comes from <v>.
partner name: partner with companion colleague participant with_person attendee
  with <v> | with <v> | together with <v> | along with <v>
  ! <v> will be there too. | <v> joins me.
teacher name: teacher instructor doctor guide coach trainer assistant advisor
  with <v> | by <v> | led by <v> | given by <v> | with the P <v>
  ! The P is <v>. | I would like <v> as the P.
assignee name: assignee assigned_to responsible owner worker engineer
  assigned to <v> | for <v> | for <v> to handle | and give it to <v>
  ! <v> is responsible. | <v> takes care of it. | <v> should do it.
date day: date day when on_date event_date scheduled_for day_of_visit
  on <v> | on <v> | on <v> | for <v>
  ! The P is <v>. | It has to be on <v>. | We need it on <v>. | It should be on <v>.
start_date day: start_date from_date check_in begin first_day departure_date since start
  from <v> | starting on <v> | starting <v> | beginning on <v> | as of <v>
  ! It starts on <v>. | We arrive on <v>. | The P is <v>.
end_date day: end_date until to_date check_out last_day return_date due_date deadline end
  until <v> | until <v> | till <v> | to <v> | ending on <v>
  ! It ends on <v>. | It ends <v>. | We leave on <v>. | The P is <v>.
due day: due deadline due_date due_on finish_by by_date
  by <v> | due <v> | due on <v> | before <v> | no later than <v>
  ! It is due on <v>. | It must be done by <v>. | The deadline is <v>.
time time: time at hour start_time when clock_time pickup_time begin
  at <v> | at <v> | at <v> | for <v> | at <v> sharp | around <v> | from <v>
  ! <v> would be best. | It starts at <v>. | The P is <v>. | We come at <v>.
end_time time: end_time until finish_time closing end
  until <v> | till <v> | ending at <v> | that ends at <v>
  ! It ends at <v>. | We finish at <v>.
month month: month period in_month billing_month
  in <v> | for <v> | for the month of <v> | for the whole of <v>
  ^ <v>
year year: year year_of_publication since release_year vintage
  from <v> | of <v> | for the year <v> | from the year <v> | for <v>
part morning/afternoon/evening/night: part_of_day slot period time_of_day daytime
  in the <v> | for the <v> | sometime in the <v>
  ^ <v>
  ! The <v> suits me best. | I only have time in the <v>.
people few: people guests persons party_size number_of_people adults passengers attendees group_size seats headcount
  for <v> | for <v> | for <v> [person|people] | for <v> [guest|guests] | for a group of <v> | for a party of <v> | for <v> [adult|adults]
  ! We are <v>. | We are <v>. | There will be <v> of us. | We will be <v> [person|people]. | <v> [person|people] will come.
rooms few: rooms number_of_rooms bedrooms room_count
  with <v> [room|rooms] | that has <v> [room|rooms] | with at least <v> [room|rooms]
  ^ <v>-room
  ! We need <v> [room|rooms].
nights few: nights stay_length number_of_nights length_of_stay nights_count
  for <v> [night|nights] | for <v> [night|nights] | <v> [night|nights] long
  ^ <v>-night
  ! We stay <v> [night|nights]. | I will stay for <v> [night|nights].
days few: days duration duration_days number_of_days length_days day_count
  for <v> [day|days] | for <v> [day|days] | over <v> [day|days] | for the next <v> [day|days] | lasting <v> [day|days]
  ^ <v>-day | <v> day
  ! It takes <v> [day|days]. | I have <v> [day|days]. | We need it for <v> [day|days].
weeks few: weeks duration_weeks number_of_weeks term length
  for <v> [week|weeks] | over <v> [week|weeks] | of <v> [week|weeks]
  ^ <v>-week | <v> week
hours few: hours duration duration_hours length_hours time_needed
  for <v> [hour|hours] | lasting <v> [hour|hours] | of <v> [hour|hours]
  ^ <v>-hour | <v> hour
  ! It takes <v> [hour|hours]. | We need <v> [hour|hours].
minutes minutes: minutes duration duration_minutes length time_limit
  for <v> [minute|minutes] | of <v> [minute|minutes] | that takes <v> [minute|minutes] | lasting <v> min
  ^ <v>-minute | <v> minute
  ! I only have <v> [minute|minutes]. | It takes <v> [minute|minutes].
quantity few: quantity count amount number how_many copies pieces number_of_items units qty
  - <v> of them | quantity <v> | <v> [piece|pieces] | <v> times | <v> in all
  ^^ <v>
  ! I need <v> of them. | Make that <v>. | We want <v> of them.
budget price: budget max_price price_limit max_cost limit maximum_price price
  for <v> euros | under <v> euros | up to <v> dollars | for at most <v> euros | cheaper than <v> euros | below <v> | with a budget of <v>
  ^ <v> euro
  ! I can spend <v> euros. | My budget is <v>. | It should not cost more than <v> euros. | The limit is <v> dollars.
price price: price amount cost fee total sum value deposit
  for <v> euros | of <v> euros | over <v> dollars | of <v> | at <v> | worth <v> euros
  ^ <v> euro | <v> dollar
  ! It costs <v> euros. | The P is <v>. | They want <v> dollars for it.
color colour: color colour paint shade color_name
  in <v> | in <v> | in the color <v> | painted <v> | with the P <v>
  ^ <v> | <v> | <v>
  ! It should be <v>. | I like <v> best. | Make it <v>.
size small/medium/large: size portion dimension item_size
  in size <v> | in <v> | of size <v>
  ^ <v> | <v> | <v> | <v>-sized
  ! The size is <v>. | I take <v>. | A <v> one will do.
priority low/medium/high: priority urgency importance severity level
  with <v> P | with P <v> | of <v> P | and give it <v> P
  ^ <v> priority
  ! The P is <v>. | It has <v> P. | It is of <v> P.
format pdf/csv/html/json: format type file_type output output_format
  as <v> | as a <v> file | in <v> format | in <v> | saved as <v>
  ^ <v>
  ! I need it as <v>. | The format is <v>.
payment cash/card/invoice/transfer: payment payment_method method pay_by paid_with
  by <v> | paid by <v> | to be paid by <v>
  ! I pay by <v>. | We pay by <v>.
class economy/business/first: class travel_class cabin cabin_class seat_class
  in <v> class | in <v>
  ^ <v> class
  ! I fly <v> class. | <v> class, please.
unit celsius/fahrenheit/kelvin: unit units scale temperature_unit
  in <v> | in degrees <v> | in <v>, not in anything else
length_unit km/miles/meters: unit units in_unit distance_unit
  in <v> | measured in <v>
sort price/rating/distance: sort_by order_by sort ranking sorted_by
  sorted by <v> | ordered by <v> | by <v>
  ! Sort by <v>.
status open/closed/active/archived: status state filter with_status
  with status <v> | that are <v> | with the P <v>
  ^ <v>
direction north/south/east/west: direction side heading toward
  to the <v> | facing <v> | going <v> | on the <v> side
speed slow/normal/fast: speed mode pace tempo
  in <v> mode | with <v> speed | at <v> speed
  ^ <v>
diet vegan/vegetarian/halal/kosher: diet dietary menu_type food_preference
  with P <v> | that is <v>
  ^ <v>
gender women/men/kids: department for_whom section category
  for <v> | from the <v> section
room room: room room_name zone location in_room area place
  in the <v> | in the <v> | for the <v> | of the <v>
  ^ <v>
  ! I am in the <v>. | It is about the <v>.
floor few: floor storey level floor_number
  on floor <v> | on floor number <v> | on level <v>
animal animal: animal pet species pet_type kind
  for my <v> | for our <v> | for a <v> | for the <v>
  ^ <v>
  ! I have a <v>. | It is a <v>.
breed pet: pet pet_name animal_name name
  for <v> | for our pet <v> | with the name <v>
  ! The animal is called <v>. | Our pet is called <v>.
age age: age years_old years age_years
  aged <v> | who is <v> years old | at the age of <v>
  ^ <v> year old
brand company: brand company firm maker manufacturer provider supplier organization
  from <v> | by <v> | made by <v> | of the company <v> | from the P <v>
  ^ <v>
  ! It should be from <v>. | The P is <v>.
topic subject: topic subject query theme about keyword keywords
  about <v> | about <v> | about <v> | on <v> | on the topic of <v> | dealing with <v> | that is about <v>
  ! The P is <v>. | I am interested in <v>.
genre genre: genre music_genre style type kind
  of the genre <v> | with P <v>
  ^ <v> | <v>
  ! I like <v>. | I am in the mood for <v>. | The genre is <v>.
artist artist: artist band musician singer group performer
  by <v> | by <v> | from <v> | with <v> | sung by <v>
  ! I like <v>. | The P is <v>.
author full_name: author writer written_by author_name
  by <v> | written by <v> | from the author <v>
  ^ <v>
  ! <v> wrote it. | The author is <v>.
mood calm/happy/sad/energetic: mood feeling vibe atmosphere
  for a <v> mood | in a <v> mood | that sounds <v>
  ^ <v>
  ! I feel <v>. | I am <v> today.
cuisine italian/indian/thai/mexican/greek/french/japanese: cuisine food kitchen food_type type
  with <v> food | with <v> cuisine | that serves <v> food
  ^ <v> | <v>
  ! We like <v> food. | I feel like <v> food.
dish dish: dish meal food recipe dish_name menu_item
  for <v> | with <v>
  ! I want to eat <v>. | I would like <v>.
ingredient item: ingredient with_ingredient contains main_ingredient
  with <v> | using <v> | made with <v> | that uses <v> | containing <v>
  ! I still have <v>.
language language: language lang spoken_language in_language target_language tongue
  in <v> | in <v> | in the language <v> | written in <v>
  ^ <v> | <v>-language
  ! I only speak <v>. | It should be in <v>. | The P is <v>.
job job: job profession role position occupation
  as a <v> | for a <v> | for the job of <v>
  ^ <v>
  ! I work as a <v>.
hobby hobby: hobby activity sport interest
  for <v> | about <v> | for people who like <v>
  ^ <v>
  ! I love <v>. | It is about <v>.
street street: street address pickup_address address_line delivery_address
  at <v> | in <v> | on <v> | at the address <v>
  ! The address is <v>. | I live in <v>. | We are at <v>.
pickup street: pickup pickup_address from_address pickup_location pick_up
  from <v> | with pickup at <v> | starting at <v>
  ! Pick me up at <v>. | I am waiting at <v>.
dropoff street: dropoff destination to_address dropoff_address target_address drop_off
  to <v> | going to <v> | to the address <v>
  ! I have to get to <v>.
email email: email to address mail email_address send_to
  to <v> | for <v> | to the address <v>
  ! The address is <v>. | My email is <v>. | You can reach me at <v>.
phone phone: phone phone_number number contact_number mobile tel
  with the number <v> | with the phone number <v> | under <v>
  ! My number is <v>. | The phone number is <v>. | Call <v> for questions.
id id: id order_id user_id account_id item_id ticket_id room_number customer_number record_id
  number <v> | number <v> | with the P <v> | with number <v> | no. <v> | with id <v>
  ! The P is <v>. | The number is <v>. | It is number <v>.
code code: code reference serial order_number tracking_code plate sku booking_code voucher
  <v> | with the P <v> | number <v> | with code <v> | P <v>
  ! The P is <v>. | The code is <v>. | It says <v> on it.
label word: label title tag category model key
  called <v> | named <v> | with the P <v> | labelled <v> | titled <v>
  ! Call it <v>. | Its name is <v>. | The P is <v>.
event title: title event subject event_name name reason occasion purpose
  for the <v> | for <v> | called "<v>" | titled "<v>" | named <v>
  ! It is for the <v>. | The P is "<v>". | Call it <v>.
text text: text message content body note comment
  saying "<v>" | that says "<v>" | with the P "<v>" | with the words "<v>" | : <v> | : "<v>" | that reads "<v>"
note text: note comment remark special_request instructions details
  with the P "<v>" | with a note: "<v>" | and add "<v>" | , note: <v>
book book: title book film movie name work
  called "<v>" | titled "<v>" | with the title "<v>" | called <v>
  ! It is called "<v>". | The title is "<v>".
path path: path file filename file_path source input
  in <v> | at <v> | from <v> | stored in <v>
  ! The file is <v>. | It is in <v>.
folder dir: folder directory target_folder output_dir destination target
  in the folder <v> | into <v> | to <v> | inside <v>
old_name word: old_name from current_name old source_name
  from <v> | from the name <v>
  ! It is called <v> now.
new_name word: new_name to name target_name new
  to <v> | into <v> | so that it is called <v>
  ! It should be called <v>. | The new name is <v>.
level percent: level percent value brightness volume intensity percentage
  to <v> percent | to <v>% | at <v> percent | to <v> | with P <v>
  ! <v> percent is enough. | It should be at <v> percent.
degrees degrees: degrees temperature temp target_temperature value
  to <v> degrees | to <v> | at <v> degrees | to a P of <v>
  ! <v> degrees would be nice. | It should have <v> degrees.
radius few: radius distance max_distance within range radius_km
  within <v> km | within <v> kilometers | in a radius of <v> km | no more than <v> km away | at most <v> km from here
  ! I can walk <v> km. | It should be less than <v> km away.
number integer: level limit size amount speed width height weight port number page max_results points
  with P <v> | with a P of <v> | P <v> | with the P <v> | whose P is <v>
  ! The P is <v>. | Set the P to <v>.
limit few: limit max_results count top number results
  ^^ the top <v> | <v> | the first <v> | the best <v>
  - at most <v> | no more than <v> | limit <v>
  ! I need only <v>. | <v> are enough.
rating small: rating stars score min_rating grade points
  with <v> [star|stars] | with a P of <v> | rated <v>
  ^ <v> star | <v>-star
  ! I give it <v> [star|stars].
decimal decimal: ratio factor rate score weight distance length
  with P <v> | with a P of <v> | of <v>
  ! The P is <v>.
age_group kids/teens/adults/seniors: age_group audience group for_group
  for <v> | suitable for <v>
material wood/metal/glass/plastic/leather: material made_of surface fabric
  made of <v> | of <v> | in <v>
  ^ <v>
  ! It should be made of <v>.
tags words: tags labels keywords names fields
  with the P <v> | with P <v> | tagged <v> | and tag it <v>
attendees names: attendees participants guests people members invitees with
  with <v> | for <v> | together with <v>
  ! <v> will come. | Invite <v>.
items items: items products things list contents
  with <v> | containing <v> | consisting of <v>
  ! It should have <v> in it.
weekday weekday: weekday day day_of_week every on
  every <v> | on <v> | on <v>s | each <v>
  ! It happens every <v>.
repeat daily/weekly/monthly/yearly: repeat frequency recurrence interval
  that repeats <v> | and repeat it <v> | with P <v>
  ^ <v>
currency currency: currency in_currency currency_code
  in <v> | paid in <v>
  ! I pay in <v>. | The P is <v>.
=product thing: product item article product_name thing item_name goods
  of the <v> | for the <v> | of the <v> | for a <v>
=products goods: product item article product_name goods
=dish dish: dish food meal product item menu_item
=person name: name person contact who employee friend user
  of <v> | of <v> | for <v>
  ^ <v>'s | <v>'s
=song book: song title track name
=artist artist: artist band musician
=city city: city location place town city_name
  of <v> | of <v> | in <v> | of the city of <v>
  ^ <v>'s
=animal animal: animal pet species
=word word: word term name entry
  of <v> | of "<v>" | of the word <v> | for <v>
=country country: country nation country_name
  of <v> | of <v> | in <v>
  ^ <v>'s
=path path: path file filename file_path
=code code: code reference tracking_number number
  of <v> | for <v> | of number <v> | for the P <v>
=company company: company firm brand name
  of <v> | at <v> | for <v>
  ^ <v>'s | <v>
=book book: title book film movie name
  of "<v>" | of <v> | for "<v>"
=topic subject: query topic subject keyword search_term q
=language language: language subject
=event title: title event name task entry activity
=currency currency: base currency from
=room room: room zone area location
=hobby hobby: activity hobby sport course
=genre genre: genre style music
"""

_FRAME_TABLE = """
buy | flight=flight,plane,plane ticket train=train,train ticket bus=bus ride,bus ticket,bus ferry=ferry,boat trip=trip,journey ticket=ticket ride=ride,lift | origin! destination! date time people class budget
ask | flight=flight,plane train=train,rail connection bus=bus,coach connection=connection,trip,journey route=route,way | origin! destination! date time part sort
buy | taxi=taxi,cab,ride driver=driver,chauffeur shuttle=shuttle,minibus | pickup dropoff! time! people date phone
buy | hotel=hotel,hotel room,room hostel=hostel,bed apartment=apartment,flat,holiday flat room=room,double room cabin=cabin,hut campsite=campsite,place for our tent | city! nights! start_date end_date people budget person flag:breakfast flag:parking flag:wifi
buy | table=table,place restaurant=table,restaurant table | people! time date person city cuisine
ask | restaurant=restaurant,place to eat cafe=cafe,coffee house bar=bar,pub hotel=hotel,place to sleep shop=shop,store museum=museum parking=parking lot pharmacy=pharmacy,chemist gym=gym,fitness studio doctor=doctor dentist=dentist | city! cuisine sort radius budget limit
buy | lamp=lamp,light chair=chair,seat jacket=jacket,coat shirt=shirt,T-shirt bike=bike,bicycle bag=bag,backpack sofa=sofa,couch phone=phone,smartphone car=car,vehicle tent=tent dress=dress mug=mug,cup rug=rug,carpet | color size budget brand material quantity gender
buy | pizza=pizza burger=burger cake=cake coffee=coffee salad=salad sandwich=sandwich,toast tea=tea dessert=dessert menu=menu,lunch | size quantity people diet time street ingredient! payment
buy | * | =products! quantity! color street date budget payment brand
buy | * | =product! color size person brand quantity street
buy | * | =dish! street time people payment quantity phone
buy | car=car,rental car bike=bike,bicycle boat=boat scooter=scooter van=van,transporter camper=camper,motorhome | days! start_date city! class:size people end_date budget color flag:insurance
buy | lesson=lesson,class course=course tutor=tutor,private teacher workshop=workshop training=training,session | language topic! teacher weekday time person hours date hobby part
make | appointment=appointment meeting=meeting visit=visit call=call,phone call interview=interview consultation=consultation checkup=checkup,examination | partner! date! time person hours minutes event room topic attendees
make | reminder=reminder alarm=alarm timer=timer,countdown note=note entry=entry event=event,calendar entry task=task,todo | event! time date repeat minutes priority due
make | task=task,to-do ticket=ticket,issue bug=bug,bug report case=case,request incident=incident,problem order=work order | assignee priority! due event! text topic label
make | playlist=playlist album=photo album folder=folder project=project channel=channel,group list=list collection=collection survey=survey,poll account=account team=team | label! person color topic language genre attendees tags flag:comments
make | invoice=invoice,bill contract=contract offer=offer,quote receipt=receipt refund=refund payment=payment loan=loan donation=donation transfer=transfer,money transfer | recipient! price! due currency sender code payment
make | workout=workout,training plan diet=diet plan trip=trip plan menu=menu,meal plan schedule=schedule,timetable routine=routine | days weeks! person diet minutes age hobby budget part
send | message=message,text email=email,mail letter=letter card=card,greeting postcard=postcard invitation=invitation reply=reply,answer note=note fax=fax | recipient! text! sender date event language
send | parcel=parcel,package gift=gift,present flowers+=flowers bouquet=bouquet box=box delivery=delivery | recipient! sender date street weight:decimal text city color budget
send | report=report,summary invoice=invoice newsletter=newsletter statement=statement photo=photo,picture file=file,document | email! month format topic sender year text
tell | weather+=weather,weather forecast forecast=forecast,weather report temperature=temperature humidity+=humidity wind+=wind air_quality+=air quality rain+=chance of rain uv=UV index | city! date unit days part
tell | distance=distance duration=travel time route=route,way fare=fare,ticket price | origin! destination! length_unit
tell | population=population mayor=mayor area=area history+=history climate+=climate | =city!
tell | capital=capital population=population currency=currency flag=flag president=president | =country!
tell | price=price,cost availability+=availability stock+=stock rating=rating weight=weight reviews+=reviews warranty=warranty,guarantee | =product! city brand color currency
tell | phone=phone number,number address=address birthday=birthday email=email address,email salary=salary schedule=schedule location=location | =person! brand city
tell | status=status location=location,position arrival=arrival time history+=history | =code! language email
tell | meaning=meaning translation=translation synonym=synonym pronunciation=pronunciation origin=origin spelling=spelling | =word! language
tell | share_price=share price,stock price revenue=revenue headquarters=headquarters ceo=boss,head | =company! year currency
tell | author=author plot=plot,story release_year=release year rating=rating,score length=length | =book! language author
ask | news+=news,headlines articles+=articles books+=books,literature videos+=videos,clips papers+=papers courses+=courses podcasts+=podcasts images+=pictures,images | topic! language limit year author date country
ask | recipes+=recipes,cooking ideas dishes+=dishes meals+=meals | ingredient! diet minutes people limit cuisine
ask | jobs+=jobs,job offers internships+=internships positions+=positions,vacancies | job! city! country limit brand radius
ask | events+=events concerts+=concerts,gigs parties+=parties festivals+=festivals exhibitions+=exhibitions films+=films,movies | city! date genre age_group artist budget radius month
ask | orders+=orders,purchases invoices+=invoices,bills tickets+=tickets,issues tasks+=tasks,to-dos bookings+=bookings files+=files,documents | person status! month limit sort year priority
ask | songs+=songs,tracks music+=music albums+=albums playlist=playlist radio=radio station | genre mood artist! year language limit
ask | house=house flat=flat,apartment studio=studio garage=garage,parking space office=office,office space | city! rooms budget! floor start_date flag:balcony radius
ask | gift=gift,present book=book toy=toy game=game,board game | age budget! hobby person topic people
put | light=light,lamp heating+=heating,heater thermostat=thermostat blinds+=blinds,shades fan=fan speaker=speaker,loudspeaker tv=TV,television | room! level time minutes color
put | temperature=temperature thermostat=thermostat heating+=heating oven=oven fridge=fridge boiler=boiler | degrees! room time minutes
put | alarm=alarm,alarm clock timer=timer | time! weekday label room repeat
put | booking=booking,reservation appointment=appointment meeting=meeting order=order,delivery flight=flight lesson=lesson | id date! time people room
put | address=address email=email,mail address phone=phone number password=password plan=plan profile=profile | person! street email phone
put | price=price,cost discount=discount stock+=stock | =product! price currency
rename | file=file folder=folder,directory branch=branch playlist=playlist project=project column=column device=device | old_name! new_name!
move | file=file,document photo=photo,picture backup=backup report=report song=song | path! folder! format
drop | booking=booking,reservation order=order,purchase subscription=subscription appointment=appointment meeting=meeting flight=flight ticket=ticket contract=contract | id date person event code
drop | file=file,document photo=photo user=user,account note=note entry=entry product=product | label! id person
play | * | =song! artist room level
play | * | =artist! room minutes level
play | * | =genre! room minutes mood
call | * | =person! time phone minutes
look | * | =topic! language limit country year
feed | * | =animal! time quantity:food room
rate | * | =book! rating! text
add | * | =event! date! time repeat attendees
learn | * | =language! hours weekday teacher level:rating
learn | * | =hobby! city weekday age_group teacher
visit | * | =city! date days people budget
convert | * | =path! format! folder
translate | * | =word! language!
adopt | animal=pet,animal | animal! breed age color city
care | pet=pet | animal! breed! days start_date city
"""


@dataclass(frozen=True)
class Role:
    """What a parameter is in a sentence: its kind of value, its names, and where and how it is said."""

    kind: str
    names: list[str]
    after: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    clauses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Frame:
    """What may be done: its group of verbs, the things with their words (none: the first role), the roles."""

    group: str
    things: list[tuple[str, list[str]]]
    roles: list[tuple[str, bool]]


def _phrases(line: str) -> list[str]:
    return [phrase.strip() for phrase in line.split(" | ")]


def _parse_roles(table: str) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for line in table.strip().split("\n"):
        mark, rest = line.strip().split(" ", 1)
        if not line.startswith(" "):
            kind, names = rest.split(": ")
            role = roles[mark] = Role(kind, names.split())
        elif mark == "^^":
            role.counts.extend(_phrases(rest))
        elif mark in "^!-":
            {"^": role.before, "!": role.clauses, "-": role.after}[mark].extend(_phrases(rest))
        else:
            role.after.extend(_phrases(line))
    return roles


def _parse_frames(table: str) -> list[Frame]:
    frames = []
    for line in table.strip().split("\n"):
        group, things, roles = line.split(" | ")
        named = [
            (entry.split("=")[0], entry.split("=")[1].split(","))
            for entry in re.split(r" (?=[\w+]+=)", things)
            if "=" in entry
        ]
        frames.append(Frame(group, named, [(role.rstrip("!"), role.endswith("!")) for role in roles.split()]))
    return frames


_ROLES = _parse_roles(_ROLE_TABLE)
_FRAMES = _parse_frames(_FRAME_TABLE)
_LOOSE = [name for name in _ROLES if not name.startswith("=")]

# A group of verbs: the verbs in a function's name; what is said before the thing; what asks with a whole sentence (N
# is the thing with all that belongs to it); its articles.
_GROUPS: dict[str, tuple[str, list[str], list[str], str]] = {
    "buy": (
        "book reserve order buy get rent request find",
        ["book", "reserve", "order", "get", "get me", "arrange", "organize", "get us", "find me", "sort out"],
        [
            "I need N.",
            "I'd like N.",
            "I would like N, please.",
            "I want N.",
            "We need N.",
            "Can I have N?",
            "Can we get N?",
            "Could I get N?",
            "I am looking for N.",
            "N, please.",
            "We would like to have N.",
            "Do you have N?",
            "Is there N?",
            "I am after N.",
            "I could use N.",
            "N would be great.",
            "We are looking for N.",
            "My friend wants N.",
            "My wife needs N.",
            "My boss needs N.",
            "Let me have N.",
        ],
        "\x02",
    ),
    "ask": (
        "find search get list lookup show fetch query check",
        [
            "find",
            "search for",
            "look for",
            "look up",
            "show me",
            "get me",
            "list",
            "give me",
            "find me",
            "show us",
        ],
        [
            "Is there N?",
            "Are there any good options for N?",
            "Do you know N?",
            "I am looking for N.",
            "I need N.",
            "Do you have N?",
            "Where do I find N?",
            "Can you help me find N?",
            "I'm searching for N.",
            "What can you tell me about N?",
            "I'm interested in N.",
            "N, please.",
            "We are looking for N.",
            "How can I find N?",
            "I wonder if there is N.",
            "Which choices do I have for N?",
        ],
        "\x02",
    ),
    "make": (
        "create add make schedule plan start open set_up register",
        [
            "create",
            "make",
            "add",
            "set up",
            "start",
            "schedule",
            "plan",
            "open",
            "enter",
            "prepare",
            "draw up",
            "put down",
        ],
        [
            "I need N.",
            "I need N.",
            "I'd like to have N.",
            "We need N.",
            "Can you make N?",
            "N, please.",
            "There should be N.",
            "I want N.",
            "New: N.",
            "Could we have N?",
        ],
        "\x02 \x02 a_new",
    ),
    "send": (
        "send deliver write mail post ship forward",
        ["send", "send", "send out", "prepare and send", "write and send", "get ready"],
        [
            "N has to go out.",
            "I want to send N.",
            "I'd like to send N.",
            "N should be sent.",
            "I have to send N.",
            "Can you send N?",
        ],
        "\x02 the",
    ),
    "tell": (
        "get check lookup fetch show tell query read",
        [
            "tell me",
            "show me",
            "give me",
            "look up",
            "check",
            "find out",
            "get",
            "read out",
            "tell us",
            "get me",
        ],
        [
            "What is N?",
            "What's N?",
            "What is N?",
            "Do you know N?",
            "I need to know N.",
            "I would like to know N.",
            "What can you say about N?",
            "N?",
            "N, please.",
            "May I ask for N?",
            "I want to know N.",
            "I need N.",
        ],
        "the",
    ),
    "put": (
        "set change update adjust control turn modify edit",
        ["set", "change", "adjust", "update", "put", "switch"],
        [
            "I want to change N.",
            "I'd like to set N.",
            "Can you change N?",
            "We have to adjust N.",
            "Would you change N?",
        ],
        "the the my",
    ),
    "rename": (
        "rename change_name",
        ["rename", "rename", "change the name of"],
        ["I want to rename N.", "We have to rename N."],
        "the a my",
    ),
    "move": (
        "move copy export save convert upload",
        ["move", "copy", "put", "transfer", "save"],
        ["I want to move N.", "Can you copy N?"],
        "the my",
    ),
    "drop": (
        "cancel delete remove stop drop close",
        ["cancel", "delete", "remove", "drop", "get rid of", "call off"],
        [
            "I no longer need N.",
            "I don't need N any more.",
            "We do not want N any longer.",
            "I have to cancel N.",
        ],
        "the my the",
    ),
    "play": (
        "play start stream listen put_on",
        ["play", "put on", "start", "play me"],
        [
            "I want to hear N.",
            "Let me hear N.",
            "I feel like listening to N.",
            "Can we listen to N?",
            "N, please.",
            "How about some N?",
        ],
        "",
    ),
    "call": (
        "call phone dial ring contact",
        ["call", "phone", "ring", "give a call to", "dial"],
        [
            "I have to talk to N.",
            "I need to speak to N.",
            "Connect me with N.",
            "Get me N on the phone.",
            "I must reach N.",
        ],
        "",
    ),
    "look": (
        "search lookup research google find_pages",
        ["search for", "look up", "google", "find something about", "search the web for", "find out about"],
        [
            "What do people write about N?",
            "What is there about N?",
            "I want to read about N.",
            "I need information about N.",
            "What's known about N?",
        ],
        "",
    ),
    "feed": (
        "feed walk wash groom check_on",
        ["feed", "look after", "take care of"],
        ["N is hungry.", "Someone has to feed N."],
        "the my",
    ),
    "rate": (
        "rate review score grade",
        ["rate", "review", "score"],
        ["I have seen N.", "I want to rate N."],
        "",
    ),
    "add": (
        "add schedule plan create insert",
        ["add", "put in", "schedule", "plan", "note down", "enter", "write down"],
        ["There is N.", "I have N.", "N is coming up.", "Don't let me forget N.", "N, please add it."],
        "",
    ),
    "learn": (
        "find_course book_lesson find_teacher learn enroll",
        ["find me a course in", "sign me up for", "book a lesson in", "find a teacher for", "enroll me in"],
        [
            "I want to learn N.",
            "I'd like to take lessons in N.",
            "My son wants to learn N.",
            "Who teaches N?",
        ],
        "",
    ),
    "visit": (
        "plan_trip plan_visit book_tour travel_to find_tour",
        [
            "plan a trip to",
            "book a tour of",
            "plan a holiday in",
            "find a tour through",
            "organize a stay in",
        ],
        [
            "I want to see N.",
            "We are going to N and need a plan.",
            "I have never been to N, plan a trip.",
            "N is where we want to go.",
        ],
        "",
    ),
    "convert": (
        "convert export transform save_as",
        ["convert", "export", "save", "turn"],
        ["I need N.", "I want to convert N."],
        "",
    ),
    "translate": (
        "translate lookup_word find_word",
        ["translate", "look up", "find the word for"],
        ["How do you say N?", "What is N?", "I want to say N.", "What's the word for N?"],
        "",
    ),
    "adopt": (
        "adopt find_pet",
        ["find", "look for", "find me"],
        ["I want to adopt N.", "We are looking for N.", "I'd like to have N."],
        "\x02",
    ),
    "care": (
        "book_sitter find_sitter hire_sitter",
        ["find someone to watch", "find a sitter for", "book a sitter for"],
        ["I need someone for N.", "Who can look after N?"],
        "my our",
    ),
}
_PLAIN_VERBS = (
    "repair fix paint clean wash water compare count measure track record upload download archive block confirm estimate publish pack"
    " lock unlock scan print share test approve reject merge split sort filter inspect install review draft sign encrypt charge refill"
    " replace restart pause resume assign promote import lend borrow donate collect recycle decorate polish trim harvest bake cook"
    " freeze heat cool dry iron fold sew carve draw sketch film photograph crop resize rotate mute pin bookmark hide follow monitor"
    " analyze summarize validate deploy tag label weigh wrap unpack store deliver return exchange renew extend shorten activate"
    " deactivate enable disable refresh sync connect pair reset calibrate design build assemble tidy mark rank invite"
).split()
_GROUPS |= {
    verb: (
        verb,
        [verb],
        [
            f"Someone should {verb} N.",
            f"Who can {verb} N?",
            f"It is time to {verb} N.",
            f"I'd be glad if you could {verb} N.",
            f"I was asked to {verb} N.",
            f"Do me a favor and {verb} N.",
            f"Would it be possible to {verb} N?",
            f"My boss wants me to {verb} N.",
            f"We forgot to {verb} N.",
        ],
        "\x02 the the my our this",
    )
    for verb in _PLAIN_VERBS
}
_LOOSE_GROUPS = ("buy", "ask", "make", "send", "tell", "put", "drop")
_LEADS: dict[str, list[str]] = {
    # kinds of values that the sentence could be taken for; a function with such a parameter does not get it
    "": [
        "{Hi|Hello|Hey}{ there|}{!|,|.}",
        "Good {morning|evening|afternoon}{!|.|,}",
        "{I have a question|One more thing|I have a request|A small favor|Quick question|Just one thing}{:|.}",
        "{I hope you can help me|Maybe you can help|You are my last hope}.",
        "{I am in a hurry|I'm a bit lost|This is urgent|No rush|Take your time|I'm on the phone|I just got home|I can't sleep|I am bored|I am so tired}.",
        "{Sorry to bother you|Excuse me|Listen|Right|So|Well|OK|Okay|Alright|Look}{,|.}",
        "{My computer is slow today|What a day|My phone died|The old one is broken|I forgot it again|I have been thinking about it}.",
        "{I talked about it with my sister|My mother told me to do it|It's about time|It is an important thing for us|I do this for the first time}.",
    ],
    "day": [
        "I'm travelling {tomorrow|next week|soon}.",
        "{Tomorrow|Next week} {I have a day off|my holidays begin}.",
        "{Yesterday|Last week} it did not work.",
    ],
    "time": ["I have to leave at 7.", "I got up at 5 today.", "My bus leaves at half past nine."],
    "name": [
        "My {brother|colleague|friend} {NAME} told me about {you|this}.",
        "{NAME} from {next door|work|school} says hello.",
        "I am sitting here with {NAME}.",
    ],
    "city": ["I grew up in {CITY}.", "I just came back from {CITY}.", "My parents live in {CITY}."],
    "count": [
        "I have {two|three} children.",
        "I have tried {two|three|five} times.",
        "I live on the third floor.",
    ],
    "title": ["It's for my sister's birthday.", "We have a party.", "There is a wedding in the family."],
    "dish": ["I am hungry.", "We are starving.", "I forgot my lunch."],
    "weather": ["It is raining here.", "It's so hot today.", "The sun is out at last."],
}
_TAILS = [
    "Thanks!",
    "Thank you.",
    "Thanks a lot!",
    "That would be great.",
    "Can you do that?",
    "I'm curious.",
    "It's important.",
    "Cheers!",
    "Many thanks.",
    "You would help me a lot.",
    "That is all.",
    "Please be quick.",
]
_SAME_KINDS = {
    "name": {"name", "first_name", "full_name", "names", "author", "artist", "word", "pet", "text"},
    "city": {"city", "country", "street", "room", "word", "path", "dir"},
    "day": {"day", "date", "weekday", "month", "year", "days", "time"},
    "time": {"time", "day", "morning/afternoon/evening/night"},
    "count": {
        "few",
        "count",
        "small",
        "integer",
        "id",
        "minutes",
        "percent",
        "age",
        "price",
        "decimal",
        "degrees",
        "code",
    },
    "title": {"title", "text", "subject", "name"},
    "dish": {"dish", "item", "items", "thing", "things", "animal"},
    "weather": {"weather", "subject", "title"},
}


def lead(function: Function, rng: random.Random) -> str:
    """Return a sentence to stand before a request, which holds nothing that the function could take."""
    kinds = {parameter.role for parameter in function.parameters}
    about = rng.choice(("", "", "", "day", "time", "name", "city", "count", "title", "dish", "weather"))
    if about and kinds & _SAME_KINDS[about]:
        about = ""
    said = expand(rng.choice(_LEADS[about]), rng)
    if "NAME" in said:
        said = said.replace("NAME", first_name(rng))
    return said.replace("CITY", city(rng)) if "CITY" in said else said


def invented_function(rng: random.Random, near: Function | None = None) -> Function:
    """Return a function that nobody wrote; `near` shares its verb or its noun with it."""
    frame, thing, words = _frame(rng)
    verbs = _GROUPS[frame.group][0]
    verb, noun = rng.choice(verbs.split()), thing
    if near is not None and "_" in near.name and thing:
        first, *_, last = near.name.split("_")
        if rng.random() < 0.5 and first in verbs.split():
            verb = first
        elif frame.group in (*_LOOSE_GROUPS, *_PLAIN_VERBS) and last.isalpha():
            noun, words = last, [last]
    parameters, roles = _parameters(frame, words, rng)
    name = _name(verb, noun.rstrip("+") or parameters[0].name.split("_")[-1], rng)
    ways = {parameter.name: role for parameter, role in zip(parameters, roles, strict=True)}
    asks = [_ask(name, frame, words, parameters, ways, noun.endswith("+"), rng) for _ in range(2)]
    phrases = {key: [_worded(way, key) for way in _distinct(key, ways).after or ["P <v>"]] for key in ways}
    description = _description(name, verb, words, parameters, rng)
    if rng.random() < 0.6:
        rng.shuffle(parameters)
    return Function(name, description, parameters, asks, [results(rng) for _ in range(2)], phrases)


def _frame(rng: random.Random) -> tuple[Frame, str, list[str]]:
    """Return a frame, the thing that it is about and the words for it; two in five are put together at random."""
    if rng.random() < 0.6:
        frame = rng.choice(_FRAMES)
        thing, words = rng.choice(frame.things) if frame.things else ("", [])
        return frame, thing, words
    kind = rng.random()
    noun = rng.choice(NOUNS) if kind < 0.4 else invented(rng).split()[0]
    if kind < 0.85:
        noun = rng.choice([word for word in rng.choices(values.NOUNS, k=3) if word.isalpha()] or [noun])
    words = [noun]
    if rng.random() < 0.15:
        adjective = rng.choice(ADJECTIVES)
        noun, words = f"{adjective}_{noun}", [f"{adjective} {noun}"]
    chosen = rng.sample(_LOOSE, rng.choice((0, 1, 1, 2, 2, 2, 3, 3, 4)))
    pair = rng.random()
    if pair < 0.3:
        chosen = [*rng.choice(_PAIRS), *chosen[:1]]
    roles = [(role, rng.random() < 0.6) for role in chosen]
    group = rng.choice(_LOOSE_GROUPS if rng.random() < 0.5 else _PLAIN_VERBS)
    return Frame(group, [], roles), noun, words


_PAIRS = (
    ("origin", "destination"),
    ("sender", "recipient"),
    ("start_date", "end_date"),
    ("time", "end_time"),
    ("old_name", "new_name"),
    ("pickup", "dropoff"),
    ("person", "partner"),
    ("person", "teacher"),
    ("author", "recipient"),
    ("people", "days"),
    ("path", "folder"),
)


def _parameters(frame: Frame, words: list[str], rng: random.Random) -> tuple[list[Parameter], list[Role]]:
    """Return the parameters, the one that is the thing itself first; not all that are optional."""
    chosen = [entry for entry in frame.roles if entry[1]]
    extra = [entry for entry in frame.roles if not entry[1]]
    wanted = rng.choices((0, 1, 2, 3), (3, 5, 3, 1))[0]
    chosen += rng.sample(extra, min(len(extra), wanted if chosen else max(1, wanted)))
    parameters: list[Parameter] = []
    roles: list[Role] = []
    snake = rng.random() < 0.88
    for key, is_needed in chosen:
        alias, _, base = key.partition(":")
        role = _flag_role(base) if alias == "flag" else _ROLES.get(base or alias) or _ROLES[alias]
        name = alias if base and alias != "flag" else rng.choice(role.names[:1] * 2 + role.names)
        name = name if snake else re.sub(r"_(\w)", lambda match: match[1].upper(), name)
        if any(name == parameter.name for parameter in parameters):
            continue
        is_required = rng.random() < (0.9 if is_needed else 0.3)
        is_object = key.startswith("=")
        about = _about(name, words, rng) if rng.random() < 0.7 else ""
        kind = _flag_kind(base) if alias == "flag" else _kind(role.kind)
        parameters.append(Parameter(name, kind, about, is_required or is_object, role.kind))
        roles.append(role)
    return parameters, roles


def _flag_kind(flag: str) -> Kind:
    yes = (f"with {flag}", f"including {flag}", f"and with {flag}", f"{flag} included")
    no = (f"without {flag}", f"with no {flag}", f"but without {flag}", f"no {flag}")
    return Kind(
        {"type": "boolean"}, lambda r: (r.choice(yes), True) if r.random() < 0.5 else (r.choice(no), False)
    )


def _flag_role(flag: str) -> Role:
    return Role("yes_no", [flag, flag, f"with_{flag}", f"include_{flag}"], ["<v>"])


def _about(name: str, words: list[str], rng: random.Random) -> str:
    """Return a description of a parameter."""
    plain = _plain_name(name)
    thing = rng.choice(words) if words else ""
    forms = [
        "The P",
        "P",
        "the P",
        "P to use",
        "Which P",
        "The P that was asked for",
        "P, as the user says it",
    ]
    if thing:
        forms += [f"P of the {thing}", f"The P of the {thing}", f"P for the {thing}"]
    return _capital(rng.choice(forms).replace("P", plain)) if rng.random() < 0.9 else plain


def _plain_name(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.replace("_", " ")).lower()


def _description(
    name: str, verb: str, words: list[str], parameters: list[Parameter], rng: random.Random
) -> str:
    """Return what the function does; a name that does not say it always has one."""
    thing = rng.choice(words) if words else _plain_name(parameters[0].name)
    plain = verb.replace("_", " ")
    what = f"{plain} {rng.choice(('a', 'the', 'a', ''))} {thing}".replace("  ", " ")
    what = re.sub(r"\ba ([aeio])", r"an \1", what) if not thing.endswith("s") else f"{plain} {thing}"
    form = rng.choice(
        (
            "W.",
            "W.",
            "W",
            "W for the user.",
            "Use this to w.",
            "A function to w.",
            "Can w.",
            "W and return the result.",
            "w",
            "",
        )
    )
    if not form and verb.replace("_", "") not in name.replace("_", "").lower():
        form = "W."
    return (
        form.replace("W", _capital(what)).replace("w", what, 1)
        if "w" in form and "W" not in form
        else form.replace("W", _capital(what), 1)
    )


def results(rng: random.Random) -> dict[str, Kind]:
    """Return the keys of a result, and the kinds of their values."""
    keys = rng.sample(list(RESULT_KEYS), rng.choice((1, 1, 2, 2, 2, 3, 3, 4)))
    return {key: _kind(RESULT_KEYS[key]) for key in keys}


def _name(verb: str, thing: str, rng: random.Random) -> str:
    words = [*verb.split("_"), *thing.split("_")]
    kind = rng.random()
    if kind < 0.72:
        return "_".join(words)
    if kind < 0.82:
        return words[0] + "".join(word.capitalize() for word in words[1:])
    if kind < 0.88:
        return "_".join([*words[1:], words[0]])
    if kind < 0.92:
        return words[-1]
    return "_".join(invented(rng).split()) if kind < 0.96 else "-".join(words)


_OPENINGS = [
    "", "", "", "", "", "Please ", "Can you ", "Could you ", "I want to ", "I would like to ", "I need to ", "Can you please ",
    "Would you ", "I'd like to ", "We want to ", "Let's ", "Could you please ", "I have to ", "Help me to ", "Go ahead and ",
    "Would you please ", "I'd like you to ", "I want you to ", "You should ", "We need to ", "Will you ", "Now ", "Just ", "Quickly ",
]  # fmt: skip


def _ask(
    name: str,
    frame: Frame,
    words: list[str],
    parameters: list[Parameter],
    ways: dict[str, Role],
    is_many: bool,
    rng: random.Random,
) -> str:
    """Return a sentence with a slot for every parameter that is said; the phrases that may be repeated stand in ⟦⟧."""
    said = [p for p in parameters if p.is_required or rng.random() < 0.45]
    flags = any(p.kind.schema["type"] == "boolean" for p in said)
    if said and not flags and rng.random() < 0.1:
        return _by_name(name, said, rng)
    thing = f"<{said[0].name}>" if not words else rng.choice(words)
    rest = said if words else said[1:]
    if rest and not flags and rng.random() < 0.1:
        return _with_facts(frame, thing, rest, is_many, rng)
    _, verbs, sentences, articles = _GROUPS[frame.group]
    article = "" if is_many or not articles else rng.choice(articles.split(" ")).replace("_", " ")
    if article == "\x02" and not words and ways[said[0].name].kind != "thing":
        article = ""
    if not words and not article:
        kind = ways[said[0].name].kind
        article = {"thing": "the" if frame.group in ("tell", "put") else "\x02", "room": "the"}.get(kind, "")
    if not words and frame.group == "tell":
        what = rng.choice(frame_words(frame, name))
        of = "the " if article == "the" else ""
        thing, article = f"{what} {rng.choice(('of', 'of', 'for'))} {of}{thing}", "the"
    before: list[str] = []
    after: list[str] = []
    clauses: list[str] = []
    count = ""
    for p in rest:
        role = _distinct(p.name, ways)
        place = rng.random()
        if (
            role.counts
            and not count
            and words
            and not is_many
            and place < 0.65
            and frame.group in ("buy", "ask", "make", "send")
        ):
            count = _slotted(rng.choice(role.counts), p.name)
        elif (
            role.counts
            and not count
            and not words
            and role.counts == ["<v>"]
            and ways[said[0].name].kind == "goods"
        ):
            count = _slotted("<v>", p.name)
        elif role.before and words and not before and place < 0.5:
            before.append(_slotted(rng.choice(role.before), p.name))
        elif role.clauses and place > 0.78:
            clauses.append(_slotted(rng.choice(role.clauses), p.name))
        else:
            after.append(_slotted(rng.choice(role.after or ["P <v>"]), p.name))
    if before and "'s" in before[0]:
        article = ""
    if count and words:
        article = ""
        thing = f"[{thing}|{_plural(thing)}]"
    if rng.random() < 0.55:
        rng.shuffle(after)
    after.sort(key=lambda part: part.startswith((":", ",")))
    phrase = " ".join(part for part in (article, count, *before, thing) if part)
    tail = f" ⟦{'¦'.join(after)}⟧" if after else ""
    sentence = _sentence(
        phrase,
        tail,
        verbs,
        sentences,
        frame.group,
        rng,
        is_open=any(part.startswith((":", ",")) for part in after),
    )
    return _with_clauses(sentence, clauses, rng)


_ALIKE = {
    kind: "name"
    for kind in ("full_name", "word", "company", "pet", "artist", "title", "subject", "names", "item")
}
_ALIKE |= {
    kind: "few"
    for kind in ("integer", "price", "decimal", "minutes", "id", "percent", "small", "age", "degrees", "year")
}
_ALIKE |= {
    "street": "city",
    "country": "city",
    "room": "city",
    "dir": "path",
    "code": "few",
    "month": "day",
    "weekday": "day",
}


def _distinct(name: str, ways: dict[str, Role]) -> Role:
    """Return the role without the phrases that could stand for another parameter of the function."""
    role = ways[name]
    kind = _ALIKE.get(role.kind, role.kind)
    others = [
        other for key, other in ways.items() if key != name and _ALIKE.get(other.kind, other.kind) == kind
    ]
    if not others:
        return role
    after = {phrase for other in others for phrase in other.after}
    clauses = {phrase for other in others for phrase in other.clauses}
    return Role(
        role.kind,
        role.names,
        [phrase for phrase in role.after if phrase not in after],
        role.before if "'s" in "".join(role.before) or not any(other.before for other in others) else [],
        role.counts,
        [phrase for phrase in role.clauses if phrase not in clauses or "P" in phrase],
    )


def frame_words(frame: Frame, name: str) -> list[str]:
    """Return what is told of a thing: the words that the function's name holds, or its last word."""
    for key, words in frame.things:
        if key.rstrip("+").replace("_", "") in name.replace("_", "").replace("-", "").lower():
            return words
    return ["data"]


def _slotted(phrase: str, name: str) -> str:
    return _worded(phrase, name).replace("<v>", f"<{name}>")


def _worded(phrase: str, name: str) -> str:
    return re.sub(r"\bP\b", _plain_name(name), phrase).replace(" a <v>", " \x02 <v>")


def _plural(noun: str) -> str:
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if re.search(r"[^aeiou]y$", noun) else f"{noun}s"


_WHOLE = re.compile(r"\bN\b")


def _sentence(
    phrase: str,
    tail: str,
    verbs: list[str],
    sentences: list[str],
    group: str,
    rng: random.Random,
    *,
    is_open: bool,
) -> str:
    """Return a sentence of the phrase and its tail: an order, a wish or a question, or no verb at all."""
    kind = rng.random()
    if kind < 0.16 and group in ("buy", "ask", "tell", "make", "play"):
        bare = re.sub("^(\x02|the|a) ", "", phrase)
        shown = tail.replace("¦", rng.choice(("¦", "¦, ", "¦, ")))
        return _capital(
            f"{bare}{rng.choice(('', '', ',')) if tail else ''}{shown}{rng.choice(('.', '', ', please.' if not is_open else ''))}"
        )
    if kind < 0.5 and not is_open:
        form = rng.choice(sentences)
        return _capital(_WHOLE.sub(lambda _: phrase + tail, form))
    opening, verb = rng.choice(_OPENINGS), rng.choice(verbs)
    if re.search(r" (me|us)\b|^tell|^show|^give", verb) and opening.startswith(
        ("I w", "I n", "I h", "I'd like to ", "We ", "Let", "Help")
    ):
        opening = rng.choice(("", "", "Please ", "Can you ", "Could you ", "I'd like you to "))
    end = (
        "?"
        if opening.startswith(("Can", "Co", "Wo", "Wi")) and not is_open
        else rng.choice((".", ".", "", ", please.", "!" if rng.random() < 0.2 else "."))
    )
    if is_open:
        end = ""
    if "lease" in opening:
        end = end.replace(", please", "")
    return _capital(f"{opening}{verb} {phrase}{tail}{end}")


def _with_clauses(sentence: str, clauses: list[str], rng: random.Random) -> str:
    """Return the sentence with others before or after it that tell more."""
    is_open = re.search(r"[:,] (note: )?<\w+>⟧?$", sentence) is not None
    ended = sentence if is_open or sentence.endswith((".", "?", "!")) else f"{sentence}."
    for clause in clauses:
        need = re.match(r"(?:I|We) need (?=.)", ended)
        if need and clause.startswith(("We ", "I ")) and not is_open and rng.random() < 0.6:
            ended = f"{clause.rstrip('.')} {rng.choice(('and need', 'and need', 'and I need', 'so we need'))} {ended[need.end() :]}"
            continue
        ended = f"{clause} {ended}" if is_open or rng.random() < 0.45 else f"{ended} {clause}"
    return ended if clauses else sentence


def _with_facts(frame: Frame, thing: str, said: list[Parameter], is_many: bool, rng: random.Random) -> str:
    """Return a sentence with the parameters by their names."""
    chosen = rng.sample(said, len(said)) if rng.random() < 0.4 else said
    glue = rng.choice((", ", ", ", "; ", " and ", "\n"))
    lines = glue == "\n"
    facts = glue.join(f"{'- ' if lines else ''}{_named(p, rng)}" for p in chosen)
    article = "" if is_many or "<" in thing else rng.choice(("\x02 ", "the ", "my "))
    head = f"{_capital(rng.choice(_GROUPS[frame.group][1]))} {article}{thing}"
    return f"{head}:\n{facts}" if lines else f"{head}{rng.choice((': ', ' - ', ', ', ' with '))}{facts}."


def _named(parameter: Parameter, rng: random.Random) -> str:
    words = rng.choice((parameter.name, parameter.name.replace("_", " ")))
    form = rng.choice(("W <v>", "W <v>", "the W is <v>", "W: <v>", "W = <v>", "W=<v>"))
    if words.endswith("s") and not words.endswith(("ss", "us")):
        form = form.replace(" is ", " are ")
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
    share = rng.choice((0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0))
    properties: dict[str, Any] = {}
    for parameter in function.parameters:
        schema = dict(parameter.kind.schema)
        if parameter.description and rng.random() < share:
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
