"""What invented functions are made of: things, verbs, frames, and roles of parameters with the ways to say them."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import re
from dataclasses import dataclass, field

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
recipient name: recipient receiver to addressee to_person to_user
  to <v> | to <v> | to <v> | for <v> | addressed to <v> | that goes to <v>
  ! <v> should get it. | It is for <v>. | The P is <v>.
sender name: sender from from_person author signed_by from_user
  from <v> | signed by <v> | on behalf of <v> | in the name of <v>
  ! The P is <v>. | It comes from <v>.
partner name: partner companion colleague participant with_person attendee
  with <v> | with <v> | together with <v> | along with <v>
  ! <v> will be there too. | <v> joins me.
teacher name: teacher instructor doctor guide coach trainer assistant advisor
  with <v> | by <v> | led by <v> | given by <v> | with the P <v>
  ! The P is <v>. | I would like <v> as the P.
assignee name: assignee assigned_to responsible owner worker engineer
  assigned to <v> | for <v> | for <v> to handle | and give it to <v>
  ! <v> is responsible. | <v> takes care of it. | <v> should do it.
date day: date day on_date event_date scheduled_for day_of_visit
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
time time: time hour start_time clock_time pickup_time begin
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
  - <v> of them | quantity <v> | <v> [piece|pieces] | <v> times
  ^^ <v>
  ! I need <v> of them. | Make that <v>. | We want <v> of them.
budget price: budget max_price price_limit max_cost limit maximum_price price
  for <v> euros | under <v> euros | up to <v> dollars | for at most <v> euros | cheaper than <v> euros | below <v> | with a budget of <v>
  ^ <v> euro
  ! I can spend <v> euros. | My budget is <v>. | It should not cost more than <v> euros. | The limit is <v> dollars.
price price: price amount cost fee total sum value deposit
  for <v> euros | of <v> euros | over <v> dollars | at <v> euros | at <v> dollars | worth <v> euros
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
gender women/men/kids: department section category
  for <v> | from the <v> section
room room: room room_name zone location in_room area place
  in the <v> | in the <v> | for the <v> | of the <v>
  ^ <v>
  ! I am in the <v>. | It is about the <v>.
floor few: floor storey level floor_number
  on floor <v> | on floor number <v> | on storey <v>
animal animal: animal pet species pet_type kind
  for my <v> | for our <v> | for a <v> | for the <v>
  ^ <v>
  ! I have a <v>. | It is a <v>.
breed pet: pet_name animal_name name
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
ingredient food: ingredient with_ingredient contains main_ingredient
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
limit few: limit max_results count number results
  ^^ the top <v> | <v> | the first <v> | the best <v>
  - at most <v> [result|results] | no more than <v> [entry|entries] | limit <v>
  ! I need only <v>. | <v> are enough.
rating small: rating stars score min_rating grade points
  with <v> [star|stars] | with a P of <v> | rated <v>
  ^ <v> star | <v>-star
  ! I give it <v> [star|stars].
decimal decimal: ratio factor rate score weight distance length
  with P <v> | with a P of <v> | P <v>
  ! The P is <v>.
age_group kids/teens/adults/seniors: age_group audience group for_group
  for <v> | suitable for <v>
material wood/metal/glass/plastic/leather: material made_of surface fabric
  made of <v> | of <v> | in <v>
  ^ <v>
  ! It should be made of <v>.
tags words: tags labels keywords names fields
  with the P <v> | with P <v> | tagged <v> | and tag it <v>
attendees names: attendees participants guests people members invitees
  with <v> | for <v> | together with <v>
  ! <v> will come. | Invite <v>.
items items: items products things list contents
  with <v> | containing <v> | consisting of <v>
  ! It should have <v> in it.
weekday weekday: weekday day day_of_week
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
=stars small: rating stars score points number_of_stars
  with <v> [star|stars] | with <v> [point|points] | <v> [star|stars]
  ! I give it <v> [star|stars]. | It gets <v> [point|points].
=into language: language target_language to lang to_language into
  in <v> | in <v> | in the language <v>
  ! I need it in <v>.
=event title: title event name task entry activity
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
feed | * | =animal! time quantity room
rate | * | =book! =stars! text
add | * | =event! date! time repeat attendees
learn | * | =language! hours weekday teacher level:number
learn | * | =hobby! city weekday age_group teacher
visit | * | =city! date days people budget
convert | * | =path! format! folder
translate | * | =word! =into!
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


ROLES = _parse_roles(_ROLE_TABLE)
FRAMES = _parse_frames(_FRAME_TABLE)
LOOSE = [name for name in ROLES if not name.startswith("=")]
# A group of verbs: the verbs in a function's name; what is said before the thing; what asks with a whole sentence (N
# is the thing with all that belongs to it); its articles.
GROUPS: dict[str, tuple[str, list[str], list[str], str]] = {
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
PLAIN_VERBS = (
    "repair fix paint clean wash water compare count measure track record upload download archive block confirm estimate publish pack"
    " lock unlock scan print share test approve reject merge split sort filter inspect install review draft sign encrypt charge refill"
    " replace restart pause resume assign promote import lend borrow donate collect recycle decorate polish trim harvest bake cook"
    " freeze heat cool dry iron fold sew carve draw sketch film photograph crop resize rotate mute pin bookmark hide follow monitor"
    " analyze summarize validate deploy tag label weigh wrap unpack store deliver return exchange renew extend shorten activate"
    " deactivate enable disable refresh sync connect pair reset calibrate design build assemble tidy mark rank invite"
).split()
GROUPS |= {
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
    for verb in PLAIN_VERBS
}
LOOSE_GROUPS = ("buy", "ask", "make", "send", "tell", "put", "drop")
PAIRS = (
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
_ALIKE = {
    kind: "name"
    for kind in (
        "full_name",
        "word",
        "company",
        "pet",
        "artist",
        "title",
        "subject",
        "names",
        "item",
        "food",
        "book",
        "dish",
    )
}
_ALIKE |= {
    kind: "few"
    for kind in ("integer", "price", "decimal", "minutes", "id", "percent", "small", "age", "degrees", "year")
}
_ALIKE |= {
    "street": "city",
    "country": "city",
    "language": "city",
    "room": "city",
    "dir": "path",
    "code": "few",
    "month": "day",
    "weekday": "day",
}


def distinct(name: str, ways: dict[str, Role]) -> Role:
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
