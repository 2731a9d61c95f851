"""Functions written by hand, in a table.

A function in each paragraph: its name and description, its parameters (`name?` is optional) with the kind of value
(training.values; `a/b` is an enum) and a description, after `>` the sentences that ask for it, after `=` what it returns.
"""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

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
  > {What will the weather be|How will the weather be|What is the forecast} in <location> for the next <days> [day|days]?
  > {Give me|Show me|I need} the forecast for <location>, <days> [day|days]{| please}.
  > <days> [day|days] of weather forecast for <location>, please.
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
  > {How much is <amount> <from> in <to>|How many <to> are <amount> <from>}?
  > What are <amount> <from> in <to>?
  > {I have|I paid|It costs} <amount> <from>. What is that in <to>?
  = result:price
  = amount:price rate:decimal

get_exchange_rate: Get the exchange rate between two currencies.
  base: currency
  target: currency
  > {What is|Tell me} the exchange rate {from <base> to|between <base> and} <target>{?|.}
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
  > {Tell <recipient>|Let <recipient> know}: "<message>"
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
  > {Set|Start|Put} a timer {for|of} <minutes> [minute|minutes]{.|, please.|}
  > {Timer|Set the timer}{:|,| for|} <minutes> [minute|minutes]{.|, please.|}
  > {Tell me when|Remind me when|Ring when} <minutes> [minute|minutes] {are over|have passed}{.|}
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
  sql: sql - The query
  > {Run|Execute} {this |the |}{query|SQL|statement}: <sql>
  > {Query the database|Ask the database|Run on the database}: <sql>
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
  > {What is|What's|Is there anything} new about <topic>?
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
  > {Book|Reserve|Find|I need} a {hotel|hotel room|room} in <city> for <nights> [night|nights]{.|, please.|}
  > {Book|Reserve} <nights> [night|nights] in {a hotel in |}<city>{.| from <check_in>.| starting on <check_in>.}
  > {I stay|I am|We stay} in <city> for <nights> [night|nights]{| from <check_in>}. {Book a hotel|I need a hotel}{.|, please.}
  = hotel:word price:price

get_distance: Get the distance between two places.
  start: city
  end: city
  > {How far is it|What is the distance|How many kilometres is it} from <start> to <end>?
  > {How far is <start> from|How long is the way from <start> to} <end>?
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
  folder: dir - Folder
  > {List|Show|Show me} {the |all |}files in <folder>{.|, please.|}
  > {What is|Which files are} in {the folder |}<folder>?
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
  > {Give me|Pick|I need|Tell me|Draw} a {random |}number {between <min> and|from <min> to} <max>{.|, please.|}
  = number:percent

get_film: Get information about a film.
  title: book - Title
  year?: year - Year
  > {Tell me about|What do you know about|Look up|Find} the {film|movie} "<title>"{.|, please.|}
  > {Tell me about|Look up|Find} the {film|movie} "<title>" {from|of} <year>{.|}
  > {Who made|Who directed|How old is|How long is} the {film|movie} "<title>"?
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
  from_unit: km/cm/inch/mile/yard - Unit
  to_unit: m/mm/foot/feet/meters - Unit to convert into
  > {Convert|Change} <value> <from_unit> {to|into} <to_unit>{.|, please.|}
  > {How much is <value> <from_unit> in <to_unit>|How many <to_unit> are <value> <from_unit>}{?|}
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
  > {How full is|How is|What about} the battery{?|}
  > {What is|Show me|Tell me} the {battery level|state of the battery}{?|.}
  = percent:percent charging:yes_no

list_users: List all users.
  > {List|Show|Show me|Give me} {all |the |all the }users{.|, please.|}
  > {Who has|Which users have} an account{| here}?
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
  > How long is the way to <to_city> from <from_city>{| by <mode>}?
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
  > When {is "<film>" {on|shown|playing}|do they show "<film>"|can I see "<film>"} in <city>{| on <date>}?
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
  > {I want to borrow|I need a loan of|We borrow} <amount> {euros|dollars} {for|over} <years> [year|years] at <rate> percent{.|. What do I pay a month?|. What is the rate?}
  > {At|With} <rate>% interest, what {is|would be} the monthly payment for <amount> {euros|dollars} over <years> [year|years]?
  > Loan: <amount>, <years> [year|years], <rate>%{.|}
  = monthly:price

pet_sitter: Find someone for a pet.
  animal: animal
  name: pet
  days: few
  > {Who can look after|I need someone for|Please find a sitter for} my <animal> <name> for <days> [day|days]{?|.}
  > {My|Our} <animal> {is called|goes by the name} <name>. {We are away for|I travel for|We leave for} <days> [day|days]{.|, find a sitter.|. Who can feed it?}
  > <name>, my <animal>, needs {a sitter|someone} for <days> [day|days]{.|}
  = sitter:name

hire_tutor: Book a lesson with a tutor.
  subject: language - Subject
  hours: count - How many hours
  student: first_name - Student
  > {Book|I need|Find|Arrange} <hours> [hour|hours] of <subject> {lessons |}for <student>{.|, please.|}
  > <student> {wants to learn|needs help with|learns} <subject>. {Book|Arrange} <hours> [hour|hours]{.|, please.}
  = tutor:name starts:day
"""
