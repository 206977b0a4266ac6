package simulator

import "slices"

// Person is an invented person whom stand-ins know. The citizen numbers are synthetic and pass the check digit.
type Person struct {
	Key          string // names the person in forms: "mali"
	CitizenID    string
	Title        string // Thai
	GivenName    string
	MiddleName   string
	FamilyName   string
	TitleEN      string
	GivenNameEN  string
	MiddleNameEN string
	FamilyNameEN string
	Birthdate    string // as the card says it: YYYY-MM-DD, 00 for unknown
	Gender       string
	Address      string
	IAL          string // how well the person was proofed at ThaID
	Evidence     Evidence
}

// Evidence are the numbers of the card that must go nowhere (PRV-04).
type Evidence struct {
	Laser       string
	Chip        string
	CardRequest string
	Smartcard   string // printed under the photo
}

// Name is the full name in Thai.
func (p Person) Name() string { return join(p.Title, p.GivenName, p.MiddleName, p.FamilyName) }

// NameEN is the full name in Latin script.
func (p Person) NameEN() string {
	return join(p.TitleEN, p.GivenNameEN, p.MiddleNameEN, p.FamilyNameEN)
}

func join(parts ...string) string {
	s := ""
	for _, p := range parts {
		if p != "" && s != "" {
			s += " "
		}
		s += p
	}
	return s
}

// Find gives the person with the key.
func Find(people []Person, key string) (Person, bool) {
	i := slices.IndexFunc(people, func(p Person) bool { return p.Key == key })
	if i < 0 {
		return Person{}, false
	}
	return people[i], true
}

// People gives the invented people. The same person, by citizen number, is known to ThaID and to the bank.
func People() []Person {
	return []Person{
		{
			Key: "mali", CitizenID: "3100500000011",
			Title: "นางสาว", GivenName: "มะลิวัลย์", FamilyName: "แสงจันทร์ฉาย",
			TitleEN: "Miss", GivenNameEN: "Maliwan", FamilyNameEN: "Saengchanchai",
			Birthdate: "1990-04-12", Gender: "female", IAL: "2.3",
			Address: "99/1 หมู่ที่ 5 ถนนสายรุ้ง ตำบลในฝัน อำเภอเมืองสมมุติ จังหวัดตัวอย่าง 99110",
			Evidence: Evidence{
				Laser: "JT9-9999991-01", Chip: "9F7F2A4790C1D001", CardRequest: "BP1-64-7700001", Smartcard: "9901-01-05281111",
			},
		},
		{
			Key: "tharn", CitizenID: "1999999999999",
			Title: "นาย", GivenName: "ธารน้ำใส", MiddleName: "ภูผา", FamilyName: "สายชลธี",
			TitleEN: "Mr.", GivenNameEN: "Tharnnamsai", MiddleNameEN: "Phupha", FamilyNameEN: "Saichonthi",
			Birthdate: "1985-11-03", Gender: "male", IAL: "2.3",
			Address: "12 ซอยดอกไม้ 3 แขวงสมมุติเหนือ เขตตัวอย่าง กรุงเทพมหานคร 10999",
			Evidence: Evidence{
				Laser: "JT9-9999992-02", Chip: "9F7F2A4790C1D002", CardRequest: "BP1-64-7700002", Smartcard: "9901-02-05282222",
			},
		},
		{
			Key: "lin", CitizenID: "8000000000006",
			Title: "นาย", GivenName: "หลินตัวอย่าง", FamilyName: "แซ่สมมุติ",
			TitleEN: "Mr.", GivenNameEN: "Lintuayang", FamilyNameEN: "Saesommut",
			Birthdate: "1980-00-00", Gender: "male", IAL: "2.3",
			Address: "7/77 ถนนทดสอบ ตำบลบ้านใหม่ อำเภอท่าเรือ จังหวัดตัวอย่าง 99120",
			Evidence: Evidence{
				Laser: "JT9-9999993-03", Chip: "9F7F2A4790C1D003", CardRequest: "BP1-64-7700003", Smartcard: "9901-03-05283333",
			},
		},
		{
			Key: "bua", CitizenID: "1234567890121",
			Title: "นาง", GivenName: "บัวบูชา", FamilyName: "ทองทดลอง",
			TitleEN: "Mrs.", GivenNameEN: "Buabucha", FamilyNameEN: "Thongthotlong",
			Birthdate: "1962-08-30", Gender: "female", IAL: "1.3", // proofed in an app only (LOA-16)
			Address: "1 หมู่ที่ 1 ตำบลต้นน้ำ อำเภอปลายทาง จังหวัดตัวอย่าง 99130",
			Evidence: Evidence{
				Laser: "JT9-9999994-04", Chip: "9F7F2A4790C1D004", CardRequest: "BP1-64-7700004", Smartcard: "9901-04-05284444",
			},
		},
		{
			Key: "wipa", CitizenID: "1100500000031",
			Title: "นางสาว", GivenName: "วิภาดา", FamilyName: "ตรวจงานดี",
			TitleEN: "Miss", GivenNameEN: "Wiphada", FamilyNameEN: "Truatngandee",
			Birthdate: "1992-02-14", Gender: "female", IAL: "2.3",
			Address: "45 ถนนราชการ ตำบลศาลากลาง อำเภอเมืองสมมุติ จังหวัดตัวอย่าง 99110",
			Evidence: Evidence{
				Laser: "JT9-9999995-05", Chip: "9F7F2A4790C1D005", CardRequest: "BP1-64-7700005", Smartcard: "9901-05-05285555",
			},
		},
		{
			Key: "krit", CitizenID: "3500500000042",
			Title: "นาย", GivenName: "กฤตภาส", FamilyName: "ดูแลระบบชัย",
			TitleEN: "Mr.", GivenNameEN: "Kritaphat", FamilyNameEN: "Dulaerabopchai",
			Birthdate: "1978-12-09", Gender: "male", IAL: "2.3",
			Address: "8 ซอยเครื่องแม่ข่าย แขวงสมมุติใต้ เขตตัวอย่าง กรุงเทพมหานคร 10998",
			Evidence: Evidence{
				Laser: "JT9-9999996-06", Chip: "9F7F2A4790C1D006", CardRequest: "BP1-64-7700006", Smartcard: "9901-06-05286666",
			},
		},
	}
}
